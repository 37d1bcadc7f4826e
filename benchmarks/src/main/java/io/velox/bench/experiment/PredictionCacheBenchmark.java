package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.SyntheticVersion;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.core.config.PredictionCaching;
import io.velox.core.model.Item;
import io.velox.core.store.ModelStore;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.predict.CpuPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/** What keeping predictions does to requests, with the cache off, on and left to itself, wherever features come from. */
public final class PredictionCacheBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final int USERS = 5_000;
    private static final int SEGMENTS = 20;
    private static final int READERS = 8;
    private static final long CACHE_BYTES = 64L << 20;
    private static final int ENTRIES = 50_000;

    @Override
    public String name() {
        return "prediction-cache";
    }

    @Override
    public String summary() {
        return "predictions with the cache of predictions off, on and auto, of tables and of computed features";
    }

    private record Source(String name, List<Item> items, Supplier<LoadedVersion> versions) {}

    @Override
    public Findings run(Setting setting) throws Exception {
        int requests = setting.choose(400_000, 40_000);
        ScheduledExecutorService readers = Executors.newScheduledThreadPool(READERS, task -> {
            Thread thread = new Thread(task, "bench-feature-reader");
            thread.setDaemon(true);
            return thread;
        });
        List<Figure> figures = new ArrayList<>();
        try (ModelStore store =
                        ModelStore.open(setting.scratch().resolve("version").toUri(), Map.of());
                CpuPool cpu = new CpuPool(1, 1)) {
            PredictionSources sources = new PredictionSources(store, SEED, readers);
            List<Item> data = sources.data(SEED);
            for (Source source : List.of(
                    new Source("table", sources.ids(), sources::inMemory),
                    new Source("store", sources.ids(), sources::inStore),
                    new Source("computed", data, sources::computed),
                    new Source("computedOnce", data, sources::computedOnce))) {
                for (boolean isScattered : List.of(true, false)) {
                    String name = source.name + (isScattered ? ".scattered" : ".repeated");
                    setting.say(name);
                    figures.addAll(compared(name, source, isScattered, requests, cpu));
                }
            }
            setting.say("the heap of " + ENTRIES + " predictions");
            figures.addAll(memory(sources, cpu));
        } finally {
            readers.shutdownNow();
        }
        return new Findings(
                new Dataset("random factors, seed " + SEED, "none", 0),
                figures,
                List.of(
                        "requests for one item, by one thread: from the parsed request and the user's weights to the scored item; "
                                + requests
                                + " are measured, after as many that are not; off, on and auto take turns at each",
                        USERS + " users by a power law of exponent 0.8, " + SyntheticVersion.ITEMS
                                + " items by one of exponent 1, drawn independently (scattered), or ten of the user's own, drawn so before, by another of exponent 1 (repeated); at one request"
                                + " in 50 the user has learnt since the last",
                        "mean: of all requests of a segment, median of " + SEGMENTS + " segments; cache of "
                                + (CACHE_BYTES >> 20) + " MiB, tolerance 0",
                        "table: in memory, d = 51; store: files on the local disk, with a feature cache for a tenth of the items; computed: from"
                                + " 50 numbers in JSON at each request; computedOnce: the same with the features of all items kept",
                        "auto.on: whether it had come to keep predictions at the end; auto.overBetter: its mean over that of the better of off"
                                + " and on in the same segment; hit rates: of what was looked up",
                        "entry: a prediction whose weights no other shares, on the heap and as the cache reckons"));
    }

    /** The same version three times, with caches of its own each. */
    private record Paths(PredictionPath off, PredictionPath on, PredictionPath auto) {
        private static Paths to(Source source, CpuPool cpu) {
            return new Paths(
                    path(source, PredictionCaching.OFF, cpu),
                    path(source, PredictionCaching.ON, cpu),
                    path(source, PredictionCaching.AUTO, cpu));
        }

        private static PredictionPath path(Source source, PredictionCaching caching, CpuPool cpu) {
            return new PredictionPath(source.versions.get(), caching, CACHE_BYTES, cpu, SEGMENTS);
        }

        private void predict(PredictionRequests stream, int segment) {
            double computed = off.predict(stream, segment);
            double cached = on.predict(stream, segment);
            double either = auto.predict(stream, segment);
            if (cached != computed || either != computed) {
                throw new IllegalStateException(
                        "on gave " + cached + " and auto " + either + ", but computed it is " + computed);
            }
        }
    }

    private static List<Figure> compared(String name, Source source, boolean isScattered, int requests, CpuPool cpu) {
        Paths paths = Paths.to(source, cpu);
        PredictionRequests stream =
                new PredictionRequests(source.items, isScattered, USERS, SyntheticVersion.RANK + 1, SEED);
        for (int i = -requests; i < requests; i++) {
            if (i == 0) {
                paths.on.beginCounting();
                paths.auto.beginCounting();
            }
            stream.next();
            paths.predict(stream, i < 0 ? -1 : (int) ((long) i * SEGMENTS / requests));
        }
        List<Figure> figures = new ArrayList<>();
        figures.addAll(times(name + ".off", paths.off));
        figures.addAll(times(name + ".on", paths.on));
        figures.add(Figure.exact(name + ".on.hitRate", "", paths.on.hitRate()));
        figures.addAll(times(name + ".auto", paths.auto));
        figures.add(Figure.exact(name + ".auto.hitRate", "", paths.auto.hitRate()));
        figures.add(Figure.exact(name + ".auto.on", "", paths.auto.isOn() ? 1 : 0));
        figures.add(Figure.of(name + ".auto.overBetter", "", Estimate.median(overBetter(paths))));
        return figures;
    }

    private static List<Figure> times(String name, PredictionPath path) {
        return List.of(
                Figure.of(name + ".mean.us", "us", Estimate.median(path.segmentMeans())),
                Figure.of(name + ".us", "us", path.percentile(50)),
                Figure.of(name + ".p99us", "us", path.percentile(99)));
    }

    private static double[] overBetter(Paths paths) {
        double[] off = paths.off.segmentMeans();
        double[] on = paths.on.segmentMeans();
        double[] ratios = paths.auto.segmentMeans();
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] /= Math.min(off[i], on[i]);
        }
        return ratios;
    }

    private static List<Figure> memory(PredictionSources sources, CpuPool cpu) throws Exception {
        LoadedVersion version = sources.inMemory();
        double[] reckoned = new double[1];
        long heap = HeapUse.of(() -> {
            PredictionPath path = new PredictionPath(version, PredictionCaching.ON, CACHE_BYTES, cpu, 1);
            // Each asks once.
            PredictionRequests stream =
                    new PredictionRequests(sources.ids(), true, ENTRIES, SyntheticVersion.RANK + 1, SEED);
            for (int user = 0; user < ENTRIES; user++) {
                stream.nextOf(user);
                var unused = path.predict(stream, -1);
            }
            reckoned[0] = path.bytes();
            return path;
        });
        return List.of(
                Figure.exact("entry.heapBytes", "B", (double) heap / ENTRIES),
                Figure.exact("entry.reckonedBytes", "B", reckoned[0] / ENTRIES));
    }
}
