package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.RatingTable;
import io.velox.bench.data.SendingOrder;
import io.velox.bench.load.Call;
import io.velox.bench.load.Caller;
import io.velox.bench.load.OpenLoop;
import io.velox.bench.load.Reply;
import io.velox.bench.load.Timings;
import io.velox.bench.node.StandaloneProcess;
import io.velox.bench.node.StolenTime;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.client.VeloxClient;
import io.velox.standalone.demo.SyntheticDataSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/** From an observation's being due until a prediction that knows it has been answered. */
public final class VisibleBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final int PER_SECOND = 500;
    /** While most is still to be compiled, which takes a good part of a core for a minute or two. */
    private static final int PER_SECOND_AT_FIRST = 200;

    /** Of ratings that are kept back, should the load run longer than it is to. */
    private static final int SPARE_SECONDS = 5;

    private static final String JAVA_OPTIONS = "-Xmx1536m -XX:+UseSerialGC";

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
        double scale = setting.choose(0.05, 0.01);
        RatingTable ratings = RatingTable.of(new SyntheticDataSet(scale, SEED));
        Map<String, String> settings = setting.veloxSettings(Map.of("VELOX_JAVA_OPTIONS", JAVA_OPTIONS));
        Schedule schedule = Schedule.of(setting);
        int[] rows = SendingOrder.INTERLEAVED.rows(ratings, SEED);
        int live = schedule.newRatings();
        int before = rows.length - live;
        setting.say("starting Velox");
        try (StandaloneProcess velox = StandaloneProcess.start(setting.home(), setting.scratch(), settings);
                Caller caller = new Caller(velox.api())) {
            new FirstVersion(new VeloxClient(velox.api()), velox.api(), setting)
                    .goLive(ratings, Arrays.copyOf(rows, before));
            SoakRequests requests = new SoakRequests(ratings, SEED);
            setting.say("observing what is new, and reading");
            PrimitiveIterator.OfInt next =
                    Arrays.stream(rows, before, rows.length).iterator();
            Observing observing = new Observing(caller, requests, schedule.measuring, setting);
            Supplier<Call> fresh = () -> requests.observation(next.nextInt());
            observing.warm(schedule.atFirst, fresh);
            List<Figure> figures = new ArrayList<>(observing.figures("visible", schedule.warming, fresh));
            setting.say("the same with any item, rated before or not");
            figures.addAll(observing.figures("again", schedule.warmingAgain, requests::observation));
            return new Findings(
                    new Dataset("synthetic, scale " + scale, ratings.sha256(), ratings.size()),
                    figures,
                    notes(schedule, settings));
        }
    }

    /** New ratings slowly and then at full rate, which count last of all, and then any. */
    private record Schedule(Duration atFirst, Duration warming, Duration measuring, Duration warmingAgain) {
        static Schedule of(Setting setting) {
            Duration quick = Duration.ofSeconds(10);
            return new Schedule(
                    setting.choose(Duration.ofSeconds(120), quick),
                    setting.choose(Duration.ofSeconds(120), quick),
                    setting.choose(Duration.ofSeconds(60), quick),
                    setting.choose(Duration.ofSeconds(45), quick));
        }

        int newRatings() {
            return Math.toIntExact(PER_SECOND_AT_FIRST * atFirst.toSeconds()
                    + PER_SECOND * (warming.plus(measuring).toSeconds() + SPARE_SECONDS));
        }
    }

    /** Observations at one rate and reads after them: for a while that does not count, and then for one that does. */
    private record Observing(Caller caller, SoakRequests requests, Duration measuring, Setting setting) {
        /** At the rate of the beginning; nothing of it counts. */
        void warm(Duration duration, Supplier<Call> observations) {
            long begin = System.nanoTime();
            try (OpenLoop loop = loop("warming", PER_SECOND_AT_FIRST, observations, new Timings(begin))) {
                sleepUntil(begin + duration.toNanos());
            }
        }

        private OpenLoop loop(String name, int perSecond, Supplier<Call> observations, Timings timings) {
            return new OpenLoop(
                    name,
                    observation -> visible(caller, requests, observation),
                    perSecond,
                    observations,
                    reply -> {},
                    timings);
        }

        List<Figure> figures(String name, Duration warming, Supplier<Call> observations) {
            long begin = System.nanoTime();
            Timings timings = new Timings(begin);
            try (OpenLoop loop = loop(name, PER_SECOND, observations, timings)) {
                sleepUntil(begin + warming.toNanos());
                long failedWarming = loop.failed();
                StolenTime stolen = new StolenTime();
                sleepUntil(begin + warming.plus(measuring).toNanos());
                double stolenShare = stolen.share();
                loop.close();
                loop.failures()
                        .forEach((how, count) -> setting.say("failed, while warming up too: " + count + " " + how));
                Histogram micros = timings.between(
                        warming.toMillis() / 1e3, warming.plus(measuring).toMillis() / 1e3);
                return figures(name, micros, loop.failed() - failedWarming, stolenShare);
            }
        }

        private List<Figure> figures(String name, Histogram micros, long failed, double stolenShare) {
            return List.of(
                    millis(name + ".ms", micros, 50),
                    millis(name + ".p90ms", micros, 90),
                    millis(name + ".p99ms", micros, 99),
                    millis(name + ".p99.9ms", micros, 99.9),
                    Figure.exact(
                            name + ".perSecond", "observations/s", 1e3 * micros.getTotalCount() / measuring.toMillis()),
                    Figure.exact(name + ".failed", "requests", (double) failed),
                    Figure.exact(name + ".stolenShare", "", stolenShare));
        }

        private static Figure millis(String name, Histogram micros, double percentile) {
            return Figure.of(name, "ms", Estimate.percentile(micros, percentile).times(1e-3));
        }
    }

    private static void sleepUntil(long nanoTime) {
        while (System.nanoTime() < nanoTime) {
            LockSupport.parkNanos(nanoTime - System.nanoTime());
        }
    }

    /** Ends with the answer to the read, or to the observation where that failed. */
    private static CompletableFuture<Reply> visible(Caller caller, SoakRequests requests, Call observation) {
        return caller.post(observation)
                .thenCompose(receipt -> receipt.isOk()
                        ? caller.post(requests.readAfter(receipt))
                        : CompletableFuture.completedFuture(receipt));
    }

    private static List<String> notes(Schedule schedule, Map<String, String> settings) {
        return List.of(
                PER_SECOND + " observations per second for " + schedule.measuring.toSeconds()
                        + " s, open loop; each is followed, as soon as its receipt is there, by a predict of ten items for"
                        + " its user with that receipt, which the server answers when it can show the observation",
                "visible: the last " + schedule.newRatings()
                        + " ratings of the set, which were neither imported nor trained on, after "
                        + schedule.atFirst.toSeconds() + " s of them at " + PER_SECOND_AT_FIRST + " and "
                        + schedule.warming.toSeconds() + " s at " + PER_SECOND + " per second; again: after "
                        + schedule.warmingAgain.toSeconds()
                        + " s of the same, any item by the user of any rating, so that many have been rated before by a user with a long"
                        + " history, which is then learnt anew as a whole",
                "measured from when the observation was due until that answer is there, two requests over HTTP included;"
                        + " failed: of either kind",
                StolenTime.NOTE,
                "load generator and Velox (one process, standalone) share the machine",
                "settings: " + settings);
    }
}
