package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.RatingTable;
import io.velox.bench.load.OpenLoop;
import io.velox.bench.load.Timings;
import io.velox.bench.node.StandaloneProcess;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.client.VeloxClient;
import io.velox.standalone.demo.SyntheticDataSet;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** From an observation's being due until a prediction that knows it has been answered. */
public final class VisibleBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final int PER_SECOND = 500;
    private static final int OK = 200;
    private static final String JAVA_OPTIONS = "-Xmx1g -XX:+UseSerialGC";

    @Override
    public String name() {
        return "visible";
    }

    @Override
    public String summary() {
        return "how soon an observation shows in predictions, at " + PER_SECOND + " observations per second";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        double scale = setting.choose(0.05, 0.005);
        RatingTable ratings = RatingTable.of(new SyntheticDataSet(scale, SEED));
        Map<String, String> settings = setting.veloxSettings(Map.of("VELOX_JAVA_OPTIONS", JAVA_OPTIONS));
        Duration warming = setting.choose(Duration.ofSeconds(45), Duration.ofSeconds(10));
        Duration measuring = setting.choose(Duration.ofSeconds(60), Duration.ofSeconds(10));
        setting.say("starting Velox");
        try (StandaloneProcess velox = StandaloneProcess.start(setting.home(), setting.scratch(), settings)) {
            new FirstVersion(new VeloxClient(velox.api()), velox.api(), setting).goLive(ratings);
            setting.say("observing and reading for " + warming.plus(measuring).toSeconds() + " s");
            SoakRequests requests = new SoakRequests(velox.api(), ratings, SEED);
            HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            long begin = System.nanoTime();
            Timings timings = new Timings(begin);
            try (OpenLoop loop = new OpenLoop(
                    "visible",
                    observation -> visible(http, requests, observation),
                    PER_SECOND,
                    requests::observation,
                    answer -> {},
                    timings)) {
                sleepUntil(begin + warming.toNanos());
                long failedWarming = loop.failed();
                sleepUntil(begin + warming.plus(measuring).toNanos());
                loop.close();
                loop.failures()
                        .forEach((how, count) -> setting.say("failed, while warming up too: " + count + " " + how));
                return new Findings(
                        new Dataset("synthetic, scale " + scale, ratings.sha256(), ratings.size()),
                        figures(timings, warming, measuring, loop.failed() - failedWarming),
                        notes(warming, measuring, settings));
            }
        }
    }

    private static void sleepUntil(long nanoTime) {
        while (System.nanoTime() < nanoTime) {
            LockSupport.parkNanos(nanoTime - System.nanoTime());
        }
    }

    /** Ends with the answer to the read, or to the observation where that failed. */
    private static CompletableFuture<HttpResponse<byte[]>> visible(
            HttpClient http, SoakRequests requests, HttpRequest observation) {
        return http.sendAsync(observation, HttpResponse.BodyHandlers.ofByteArray())
                .thenCompose(answer -> answer.statusCode() == OK
                        ? http.sendAsync(requests.readAfter(answer), HttpResponse.BodyHandlers.ofByteArray())
                        : CompletableFuture.completedFuture(answer));
    }

    private static List<Figure> figures(Timings timings, Duration warming, Duration measuring, long failed) {
        Histogram micros = timings.between(
                warming.toMillis() / 1e3, warming.plus(measuring).toMillis() / 1e3);
        return List.of(
                Figure.of("visible.ms", "ms", Estimate.percentile(micros, 50).times(1e-3)),
                Figure.of("visible.p90ms", "ms", Estimate.percentile(micros, 90).times(1e-3)),
                Figure.of("visible.p99ms", "ms", Estimate.percentile(micros, 99).times(1e-3)),
                Figure.of(
                        "visible.p99.9ms",
                        "ms",
                        Estimate.percentile(micros, 99.9).times(1e-3)),
                Figure.exact("perSecond", "observations/s", 1e3 * micros.getTotalCount() / measuring.toMillis()),
                Figure.exact("failed", "requests", (double) failed));
    }

    private static List<String> notes(Duration warming, Duration measuring, Map<String, String> settings) {
        return List.of(
                PER_SECOND + " observations per second for " + measuring.toSeconds() + " s, after "
                        + warming.toSeconds()
                        + " s of the same, open loop; each is followed, as soon as its receipt is there, by a predict of ten items for"
                        + " its user with that receipt, which the server answers when it can show the observation",
                "visible: from when the observation was due until that answer is there, two requests over HTTP included;"
                        + " failed: of either kind",
                "load generator and Velox (one process, standalone) share the machine",
                "settings: " + settings);
    }
}
