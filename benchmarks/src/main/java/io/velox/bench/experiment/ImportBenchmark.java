package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.RatingLines;
import io.velox.bench.data.RatingTable;
import io.velox.bench.data.SendingOrder;
import io.velox.bench.node.StandaloneProcess;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import io.velox.standalone.demo.SyntheticDataSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How fast ratings go through the front door until they are in keyed state: a real {@code standalone} process without any version
 * loaded, {@code /v1/observe/bulk}, RocksDB, checkpoints on; once with users interleaved, once user by user.
 */
public final class ImportBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final String JAVA_OPTIONS = "-Xmx2g -XX:+UseG1GC";

    @Override
    public String name() {
        return "import";
    }

    @Override
    public String summary() {
        return "observations per second through the front door until they are in keyed state, and memory meanwhile";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        double scale = setting.choose(1.0, 0.05);
        setting.say("generating " + Math.round(10_000_054 * scale) + " ratings");
        RatingTable ratings = RatingTable.of(new SyntheticDataSet(scale, SEED));
        List<Figure> figures = new ArrayList<>();
        List<Plot> plots = new ArrayList<>();
        Map<String, String> settings = setting.veloxSettings(Map.of("VELOX_JAVA_OPTIONS", JAVA_OPTIONS));
        for (SendingOrder order : List.of(SendingOrder.INTERLEAVED, SendingOrder.USER_BY_USER)) {
            String suffix = order == SendingOrder.INTERLEAVED ? "" : ".userByUser";
            int[] rows = order.rows(ratings, SEED);
            figures.add(Figure.exact("generated.linesPerSecond" + suffix, "1/s", generation(ratings, rows)));
            setting.say("starting Velox for the import, " + order);
            try (StandaloneProcess velox =
                    StandaloneProcess.start(setting.home(), setting.scratch().resolve(order.name()), settings)) {
                MeasuredImport measured = MeasuredImport.run(velox, ratings, rows, setting);
                figures.addAll(figures(measured, suffix));
                plots.addAll(measured.plots(order == SendingOrder.INTERLEAVED ? "users interleaved" : "user by user"));
            }
        }
        Plot.write(setting.results().resolve(name() + ".png"), plots);
        Dataset dataset = new Dataset("synthetic, scale " + scale, ratings.sha256(), ratings.size());
        return new Findings(dataset, figures, notes(settings));
    }

    /** Lines per second that the client makes when nobody takes them, over the first million. */
    private static double generation(RatingTable ratings, int[] rows) {
        int lines = Math.min(rows.length, 1_000_000);
        long begin = System.nanoTime();
        long bytes = 0;
        for (byte[] block : new RatingLines(ratings, rows, 0, lines)) {
            bytes += block.length;
        }
        if (bytes < lines) {
            throw new IllegalStateException("no lines were made");
        }
        return lines / ((System.nanoTime() - begin) / 1e9);
    }

    private static List<Figure> figures(MeasuredImport measured, String suffix) {
        long n = measured.observations();
        int segments = MeasuredImport.SEGMENTS;
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.of(
                "observationsPerSecond" + suffix,
                "1/s",
                Estimate.median(measured.applied().rates(0, n, segments))));
        figures.add(Figure.exact("observationsPerSecond.overall" + suffix, "1/s", n / measured.seconds()));
        figures.add(Figure.of(
                "accepted.observationsPerSecond" + suffix,
                "1/s",
                Estimate.median(measured.accepted().rates(0, n, segments))));
        figures.add(Figure.exact("afterTheLastAnswer" + suffix, "s", measured.secondsAfterTheLastAnswer()));
        figures.addAll(measured.memory().figures(suffix));
        return figures;
    }

    private static List<String> notes(Map<String, String> settings) {
        return List.of(
                "observationsPerSecond counts observations applied to keyed state (RocksDB, checkpoints every 3 s) in ten segments of"
                        + " equal size: median, and bootstrap interval of the median; .overall is all of them over the whole time,"
                        + " which begins with the first request and ends when GET /v1/users/{uid}?after= has answered for the last"
                        + " receipt of every partition",
                "users interleaved: the next rating is of a user drawn at random, by how many ratings are left; .userByUser: one user"
                        + " after the other, in the order of the data set",
                "one connection, one request per segment, NDJSON with timestamps, made while it is sent; client and Velox share the"
                        + " machine; generated.linesPerSecond is the client alone",
                "accepted: observations in the log, by its end; afterTheLastAnswer: how long the job took for what was left then",
                "memory.*: the resident set of each process, and the heap after the last collection of any kind, sampled every two"
                        + " seconds; slopes are MiB per million observations, by least squares over the second half of the import",
                "settings: " + new TreeMap<>(settings));
    }
}
