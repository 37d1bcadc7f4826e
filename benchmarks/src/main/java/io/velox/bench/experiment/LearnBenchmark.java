package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.LastRounds;
import io.velox.bench.data.RatingTable;
import io.velox.bench.data.SyntheticVersion;
import io.velox.bench.job.JobAlone;
import io.velox.bench.job.LearnerOnHeap;
import io.velox.bench.node.Progress;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import io.velox.core.store.ModelStore;
import io.velox.standalone.demo.SyntheticDataSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How fast one slot of the job learns observations from the log and publishes the users' new weights, while the cache of covariances
 * holds all users, and ever fewer of them.
 */
public final class LearnBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final int[] PERCENT_CACHED = {100, 50, 25, 10};
    private static final int MEASURED_ROUNDS = 4;
    private static final int ROUNDS_A_RUN = 1 + MEASURED_ROUNDS;
    private static final int SEGMENTS = 10;
    private static final int CALIBRATION_USERS = 1_000;
    /** Caches that are to hold everybody get some more, since what a user takes is an average over some. */
    private static final double MARGIN = 1.1;

    @Override
    public String name() {
        return "learn";
    }

    @Override
    public String summary() {
        return "observations per second learnt and published by one slot at d=50, as the cache of covariances shrinks";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        double scale = setting.choose(1.0, 0.04);
        setting.say("generating " + Math.round(10_000_054 * scale) + " ratings");
        RatingTable ratings = RatingTable.of(new SyntheticDataSet(scale, SEED));
        LastRounds rounds = new LastRounds(ratings, PERCENT_CACHED.length * ROUNDS_A_RUN);
        double bytesPerUser = countedBytesPerUser(ratings, setting);
        Map<String, String> settings = setting.veloxSettings(Map.of());
        List<Figure> figures = new ArrayList<>();
        try (JobAlone job = JobAlone.open(setting.scratch().resolve("job"), settings)) {
            int[] before = rounds.before();
            setting.say("histories of " + ratings.users() + " users, " + before.length + " observations");
            job.append(ratings, before);
            job.catchUp(mib(bytesPerUser * ratings.users()));
            setting.say("rebasing every user onto a version of " + SyntheticVersion.ITEMS + " items");
            job.activateVersion(ratings, SEED);
            job.catchUp(mib(bytesPerUser * ratings.users()));
            for (int i = 0; i < PERCENT_CACHED.length; i++) {
                int percent = PERCENT_CACHED[i];
                long cacheMib = mib(bytesPerUser * ratings.users() * percent / 100 * (percent == 100 ? MARGIN : 1));
                setting.say("learning with a cache of " + cacheMib + " MiB, for " + percent + "% of the users");
                job.append(ratings, rounds.rows(i * ROUNDS_A_RUN, ROUNDS_A_RUN, SEED));
                Progress applied = job.catchUp(cacheMib);
                double[] rates = applied.rates(ratings.users(), (long) ROUNDS_A_RUN * ratings.users(), SEGMENTS);
                String name = "observationsPerSecond" + (percent == 100 ? "" : ".cache" + percent);
                figures.add(Figure.of(name, "1/s", Estimate.median(rates)));
            }
        }
        double[] shares = {100, 50, 25, 10};
        Plot.write(
                setting.results().resolve(name() + ".png"),
                List.of(new Plot("Learnt and published by one slot, d=50", "% of users cached", "observations/s")
                        .intervals("median", shares, List.copyOf(figures))));
        figures.add(Figure.exact("covarianceCache.countedBytesPerUser", "B", bytesPerUser));
        Dataset dataset = new Dataset("synthetic, scale " + scale, ratings.sha256(), ratings.size());
        return new Findings(dataset, figures, notes(ratings, settings));
    }

    private static double countedBytesPerUser(RatingTable ratings, Setting setting) throws Exception {
        try (ModelStore store =
                ModelStore.open(setting.scratch().resolve("version").toUri(), Map.of())) {
            return new LearnerOnHeap(ratings, store.open(SyntheticVersion.write(store, SEED)))
                    .countedBytesPerUser(Math.min(CALIBRATION_USERS, ratings.users()));
        }
    }

    private static long mib(double bytes) {
        return Math.max(1, Math.round(bytes / (1 << 20)));
    }

    private static List<String> notes(RatingTable ratings, Map<String, String> settings) {
        return List.of(
                "job alone: broker, Flink and the benchmark in one JVM, one slot, one partition, RocksDB, checkpoints every 3 s, no"
                        + " serving node; observations lie in the log before the job starts; the job's updates in their topic are"
                        + " counted",
                "version of " + SyntheticVersion.ITEMS + " items with random factors of rank " + SyntheticVersion.RANK
                        + " and the constant 1 for the user's bias, so weights of length "
                        + (SyntheticVersion.RANK + 1),
                "users have " + (ratings.size() / ratings.users())
                        + " ratings on average in the end, 20 at least; each run starts from"
                        + " a checkpoint with a cold cache, warms it up with one observation of each user, and is then measured over "
                        + MEASURED_ROUNDS
                        + " of each user, every user as often as another, in random order: the hardest for a cache",
                "median of " + SEGMENTS + " segments of equal size, and bootstrap interval of the median",
                ".cache50: a cache for 50% of the users, by the bytes that the cache counts for a user on average"
                        + " (covarianceCache.countedBytesPerUser); the first figure's cache has a tenth more than all users take",
                "settings: " + settings);
    }
}
