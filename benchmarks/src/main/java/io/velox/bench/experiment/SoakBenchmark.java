package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.RatingTable;
import io.velox.bench.load.Caller;
import io.velox.bench.load.OpenLoop;
import io.velox.bench.node.Ends;
import io.velox.bench.node.StandaloneProcess;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import io.velox.client.VeloxClient;
import io.velox.standalone.demo.SyntheticDataSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Whether anything grows that should not, while observations and reads come in at a steady rate. */
public final class SoakBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final int PER_SECOND = 200;
    private static final String JAVA_OPTIONS = "-Xmx1g -XX:+UseSerialGC";

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public String summary() {
        return "an hour of " + PER_SECOND + " observations and " + PER_SECOND + " reads per second: what grows?";
    }

    /** How long, and how often what is looked at. */
    private record Pace(Duration whole, Duration betweenSamples, int samplesBetweenCollections) {}

    @Override
    public Findings run(Setting setting) throws Exception {
        double scale = setting.choose(0.1, 0.005);
        Pace pace = setting.quick()
                ? new Pace(setting.duration().orElse(Duration.ofSeconds(30)), Duration.ofSeconds(2), 2)
                : new Pace(setting.duration().orElse(Duration.ofHours(1)), Duration.ofSeconds(10), 6);
        RatingTable ratings = RatingTable.of(new SyntheticDataSet(scale, SEED));
        Map<String, String> settings = setting.veloxSettings(Map.of("VELOX_JAVA_OPTIONS", JAVA_OPTIONS));
        setting.say("starting Velox");
        try (StandaloneProcess velox = StandaloneProcess.start(setting.home(), setting.scratch(), settings);
                Ends ends = new Ends(velox.kafka())) {
            new FirstVersion(new VeloxClient(velox.api()), velox.api(), setting).goLive(ratings);
            List<Figure> figures = soak(velox, ends, ratings, pace, setting);
            return new Findings(
                    new Dataset("synthetic, scale " + scale, ratings.sha256(), ratings.size()),
                    figures,
                    notes(pace, ratings, settings));
        }
    }

    private static List<Figure> soak(
            StandaloneProcess velox, Ends ends, RatingTable ratings, Pace pace, Setting setting) throws Exception {
        setting.say("soaking for " + pace.whole().toSeconds() + " s");
        SoakRequests requests = new SoakRequests(ratings, SEED);
        List<SoakSample> samples = new ArrayList<>();
        try (Caller caller = new Caller(velox.api());
                OpenLoop observations =
                        new OpenLoop("observe", caller, PER_SECOND, requests::observation, requests::observed);
                OpenLoop reads = new OpenLoop("read", caller, PER_SECOND, requests::read, reply -> {})) {
            long begin = System.nanoTime();
            for (int i = 1; ; i++) {
                long next = begin + i * pace.betweenSamples().toNanos();
                while (System.nanoTime() < next) {
                    LockSupport.parkNanos(next - System.nanoTime());
                }
                boolean isCollected = i % pace.samplesBetweenCollections() == 0;
                if (isCollected) {
                    velox.collectGarbage();
                }
                double hours = (System.nanoTime() - begin) / 3.6e12;
                samples.add(SoakSample.take(hours, isCollected, velox, ends, observations, reads));
                if (System.nanoTime() - begin
                        < SoakSamples.WARM_UP * pace.whole().toNanos()) {
                    observations.all().reset();
                    reads.all().reset();
                }
                if (System.nanoTime() - begin >= pace.whole().toNanos()) {
                    break;
                }
            }
            SoakSamples all = new SoakSamples(samples);
            all.writeCsv(setting.results().resolve("soak.csv"));
            Plot.write(setting.results().resolve("soak.png"), all.plots());
            List<Figure> figures = new ArrayList<>(all.figures());
            figures.addAll(overall("observe", observations));
            figures.addAll(overall("read", reads));
            reads.failures().forEach((how, count) -> setting.say("reads that failed: " + count + " " + how));
            observations
                    .failures()
                    .forEach((how, count) -> setting.say("observations that failed: " + count + " " + how));
            return figures;
        }
    }

    private static List<Figure> overall(String name, OpenLoop loop) {
        List<Figure> figures = new ArrayList<>();
        for (double percentile : new double[] {50, 99, 99.9}) {
            String label = String.valueOf(percentile).replaceFirst("\\.0$", "");
            figures.add(Figure.of(
                    name + ".all.p" + label,
                    "ms",
                    Estimate.percentile(loop.all(), percentile).times(1e-3)));
        }
        figures.add(Figure.exact(name + ".failed", "requests", (double) loop.failed()));
        return figures;
    }

    private static List<String> notes(Pace pace, RatingTable ratings, Map<String, String> settings) {
        return List.of(
                PER_SECOND + " observations and " + PER_SECOND + " reads per second for "
                        + pace.whole().toSeconds()
                        + " s, open loop: each request is timed from when it was due; load generator and"
                        + " Velox (one process, standalone) share the machine",
                "observations: of " + ratings.users()
                        + " users, by how much they rate, on items drawn evenly; reads in turn: predict of"
                        + " ten items, topk of ten, and each of these with the receipt of an observation just made",
                "the live version is trained by Spark on the data set, imported through the front door",
                "sampled every " + pace.betweenSamples().toSeconds()
                        + " s; NAME: median of the samples after the first tenth of the"
                        + " time, with bootstrap interval; NAME.slope: least squares over the same samples, with t-interval, which is"
                        + " narrower than the truth because samples in a row depend on each other",
                "heapAfterCollection: after a full collection, which is asked for every "
                        + pace.betweenSamples()
                                .multipliedBy(pace.samplesBetweenCollections())
                                .toSeconds()
                        + " s, and whose pause is in the latencies; consumerLag: observations in the log that are not in the job's"
                        + " state yet, at the moment of the sample",
                "NAME.all.pP: percentiles of all requests after the first tenth of the time, failed ones included, with the interval of their rank; disk and files are of"
                        + " the whole data directory, and the log of observations and the archive keep everything that they are sent; the archive has a file for each checkpoint and partition until they are merged, every ten minutes",
                "settings: " + settings);
    }
}
