package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.KnownRatings;
import io.velox.bench.node.StandaloneProcess;
import io.velox.bench.node.Waiting;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import io.velox.client.Activation;
import io.velox.client.VeloxClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether anybody notices a retraining and its hot swap: latency, failures, answers that mix versions, and the hit rate of a feature cache
 * that holds a tenth of the items; then whether versions that are swapped back and forth give back what they took.
 */
public final class SwapBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final String MODEL = "als";
    private static final String JAVA_OPTIONS = "-Xmx1536m -XX:+UseSerialGC";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    /** A share of the items that the cache has room for, and the bytes that it counts for one at rank 20. */
    private static final double CACHED_SHARE = 0.1;

    private static final int BYTES_OF_ENTRY = 308;

    /** Of the rates, while code is compiled and caches fill: a cold server that gets all at once is behind for a long time. */
    private static final double[] WARM_UP_SHARES = {0.1, 0.3, 1};

    @Override
    public String name() {
        return "swap";
    }

    @Override
    public String summary() {
        return "latency, failures, mixed answers and hit rate over a retraining and its swap; memory over 20 swaps";
    }

    /**
     * How long to warm up, how long to be idle, what is compared around the swap, in seconds; how many swaps follow; and the share of the
     * ratings that is not imported but observed.
     */
    private record Pace(int warmUp, int idle, int window, int swaps, double heldBack) {}

    @Override
    public Findings run(Setting setting) throws Exception {
        Pace pace = setting.choose(new Pace(60, 120, 60, 20, 0.15), new Pace(45, 20, 20, 3, 0.3));
        KnownRatings ratings =
                KnownRatings.named(setting.choose(KnownRatings.ML_1M_HALF, KnownRatings.ML_SMALL), setting);
        int items = ratings.table().items().size();
        Map<String, String> wanted = new HashMap<>(ratings.training().asSettings());
        wanted.put("VELOX_JAVA_OPTIONS", JAVA_OPTIONS);
        wanted.put("VELOX_SERVING_FEATURE_MEMORY_KIB", "1");
        wanted.put(
                "VELOX_SERVING_FEATURE_CACHE_KIB",
                Long.toString(Math.round(CACHED_SHARE * items * BYTES_OF_ENTRY / 1024)));
        Map<String, String> settings = setting.veloxSettings(wanted);
        setting.say("starting Velox");
        try (StandaloneProcess velox = StandaloneProcess.start(setting.home(), setting.scratch(), settings)) {
            VeloxClient client = new VeloxClient(velox.api());
            SwapRequests requests = new SwapRequests(ratings.table(), pace.heldBack(), SEED);
            new FirstVersion(client, velox.api(), setting).goLive(ratings.table(), requests.imported());
            List<Figure> figures = measure(velox, client, requests, pace, setting);
            return new Findings(ratings.dataset(), figures, notes(pace, items, settings));
        }
    }

    private static List<Figure> measure(
            StandaloneProcess velox, VeloxClient client, SwapRequests requests, Pace pace, Setting setting)
            throws Exception {
        AnswerCheck check = new AnswerCheck(
                client, MODEL, velox.dataDirectory().resolve("store").toUri(), setting::say);
        List<Figure> figures = new ArrayList<>();
        for (double share : WARM_UP_SHARES) {
            setting.say("warming up with " + share + " of the load");
            try (SwapLoad warmUp = new SwapLoad(velox, requests, answer -> {}, share)) {
                pause(pace.warmUp() / WARM_UP_SHARES.length);
            }
        }
        SwapLoad load = new SwapLoad(velox, requests, check::offer, 1);
        try (check;
                load) {
            SwapMoments moments = swap(client, load, pace, setting);
            figures.addAll(moments.figures());
            List<Plot> plots = new ArrayList<>(moments.plots());
            setting.say("refreshing, for a third version");
            refreshed(client);
            plots.add(swaps(velox, client, pace, setting, figures));
            Plot.write(setting.results().resolve("swap.png"), plots);
        }
        load.failures().forEach(failure -> setting.say("failed: " + failure));
        figures.addAll(0, totals(load, check));
        return figures;
    }

    private static List<Figure> totals(SwapLoad load, AnswerCheck check) {
        long requests = load.all(0, Double.MAX_VALUE).getTotalCount();
        return List.of(
                new Figure("failed", "requests", load.failed(), load.failed(), load.failed(), requests),
                new Figure("mixed", "answers", check.mixed(), check.mixed(), check.mixed(), check.checked()),
                Figure.exact("checkedShare", "", (double) check.checked() / load.answers()),
                Figure.exact("skipped", "answers", (double) check.skipped()),
                Figure.exact("degraded", "answers", (double) load.degraded()));
    }

    private static SwapMoments swap(VeloxClient client, SwapLoad load, Pace pace, Setting setting) {
        setting.say("idle for " + pace.idle() + " s");
        double idle = load.now();
        pause(pace.idle());
        setting.say("training");
        double training = load.now();
        Map<Activation.Station, Double> stations = new EnumMap<>(Activation.Station.class);
        int version = trained(client, stations, load);
        setting.say("live; " + pace.window() + " s more");
        pause(pace.window() + 1);
        return new SwapMoments(load, idle, training, stations, load.firstAnswer(version), load.now(), pace.window());
    }

    /** Trains a version, and waits until it answers. */
    private static int trained(VeloxClient client, Map<Activation.Station, Double> stations, SwapLoad load) {
        int version = client.retrain(MODEL);
        new Activation(client, BETWEEN_LOOKS)
                .await(MODEL, version, FirstVersion.DEADLINE, station -> stations.putIfAbsent(station, load.now()));
        return version;
    }

    /** Refreshes the version that answers, and waits until the new one does. */
    private static void refreshed(VeloxClient client) {
        int version = client.refresh(MODEL);
        new Activation(client, BETWEEN_LOOKS).await(MODEL, version, FirstVersion.DEADLINE, station -> {});
    }

    /** Swaps among three versions, of which one is loaded and another given up each time. */
    private static Plot swaps(
            StandaloneProcess velox, VeloxClient client, Pace pace, Setting setting, List<Figure> figures)
            throws IOException {
        setting.say(pace.swaps() + " swaps");
        HeapOverSwaps heap = new HeapOverSwaps(velox);
        heap.sample();
        for (int i = 0; i < pace.swaps(); i++) {
            int next = 1 + i % 3;
            long begin = System.nanoTime();
            var unused = client.activate(MODEL, next, true);
            Waiting.until("version " + next, FirstVersion.DEADLINE, BETWEEN_LOOKS, () -> client.model(MODEL)
                    .active()
                    .filter(v -> v.version() == next)
                    .isPresent());
            heap.swapped((System.nanoTime() - begin) / 1e9);
            heap.sample();
        }
        figures.addAll(heap.figures(pace.swaps()));
        return heap.plot();
    }

    private static void pause(int seconds) {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static List<String> notes(Pace pace, int items, Map<String, String> settings) {
        return List.of(
                "per second " + SwapLoad.RATES
                        + ", open loop: each request is timed from when it was due; load generator, Velox (one process,"
                        + " standalone) and Spark share the machine; predict scores one item, topk the best ten of "
                        + SwapRequests.CANDIDATES
                        + " given ones, as the paper's does, since a catalogue that is not in memory is not ranked as a whole; items by how"
                        + " often they are rated, users by how often they rate; observe sends ratings that were held back from the import, "
                        + pace.heldBack() + " of all",
                "failed: of all requests, from the first second without training to the last swap; not sent counts as failed; before it, a"
                        + " warm-up of " + pace.warmUp() + " s in steps of 0.1, 0.3 and all of the load",
                "mixed: sampled answers to predict and topk whose scores are not those of the version that they name, to within "
                        + AnswerCheck.TOLERANCE
                        + ": features from the version's files, weights by GET /v1/users/{uid}?version= at the answer's own revision, or"
                        + " the mean of its prior; its n is how many were recomputed (checkedShare of all); skipped: sampled, but the user"
                        + " had moved on or the version was no longer loaded; one user in ten is never observed, and one prediction in 50"
                        + " is for somebody unknown",
                "live: the first answer of the new version; hitRateBefore and hitRateAfter: items found in the feature cache in the "
                        + pace.window() + " s before and after; the cache has room for about a tenth of " + items
                        + " items; no item table is in memory as a whole; their n is the number of lookups",
                "p99Ratio: 99th percentile of all requests in the " + pace.window()
                        + " s around the swap, half before and half after, over that of the "
                        + pace.idle()
                        + " s without training; .swap is that time, .after the time after the swap, .training from the call to the"
                        + " version's publication; intervals of ratios are of the outermost ends",
                "then a third version is made by a refresh, and three versions answer in turn, " + pace.swaps()
                        + " times by forced activation, under the same load: each swap loads a version that was retired, rebases every user"
                        + " onto it, and retires another; heap: after a full collection after each swap, heapBeforeNSwaps the first"
                        + " and heapAfterNSwaps the last of them; heapPerSwap: least squares over them, with t-interval",
                "settings: " + settings);
    }
}
