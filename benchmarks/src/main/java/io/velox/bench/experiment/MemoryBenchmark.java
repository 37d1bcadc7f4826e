package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.RatingTable;
import io.velox.bench.data.SendingOrder;
import io.velox.bench.data.SyntheticVersion;
import io.velox.bench.job.JobAlone;
import io.velox.bench.job.LearnerOnHeap;
import io.velox.bench.job.StoredCheckpoint;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Figure;
import io.velox.core.store.ModelStore;
import io.velox.standalone.demo.SyntheticDataSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;

/** What a user takes: in the job's state, in a checkpoint, in the cache of a serving node and in the job's cache of covariances. */
public final class MemoryBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final int COVARIANCE_USERS = 5_000;
    private static final long NO_BOUND = 1L << 40;
    private static final long CACHE_MIB = 128;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String summary() {
        return "bytes per user in state, in a checkpoint and in caches, at d=50";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        double scale = setting.choose(1.0, 0.04);
        setting.say("generating " + Math.round(10_000_054 * scale) + " ratings");
        RatingTable ratings = RatingTable.of(new SyntheticDataSet(scale, SEED));
        Map<String, String> settings = setting.veloxSettings(Map.of());
        // Caches first, on the heap of a process that does nothing else yet.
        setting.say("filling the caches");
        List<Figure> figures = new ArrayList<>(ofCaches(ratings, setting));
        figures.addAll(ofState(ratings, settings, setting));
        figures.add(Figure.exact("users", "", ratings.users()));
        figures.add(Figure.exact("ratingsPerUser", "", (double) ratings.size() / ratings.users()));
        Dataset dataset = new Dataset("synthetic, scale " + scale, ratings.sha256(), ratings.size());
        return new Findings(dataset, figures, notes(settings));
    }

    private static List<Figure> ofState(RatingTable ratings, Map<String, String> settings, Setting setting)
            throws Exception {
        try (JobAlone job = JobAlone.open(setting.scratch().resolve("job"), settings)) {
            setting.say("histories of " + ratings.users() + " users, " + ratings.size() + " observations");
            job.append(ratings, SendingOrder.USER_BY_USER.rows(ratings, SEED));
            job.catchUp(CACHE_MIB);
            StoredCheckpoint histories = job.newestCheckpoint();
            setting.say("rebasing every user onto a version of " + SyntheticVersion.ITEMS + " items");
            job.activateVersion(ratings, SEED);
            job.catchUp(CACHE_MIB);
            StoredCheckpoint all = job.newestCheckpoint();
            double users = ratings.users();
            return List.of(
                    perUser("state", all.tableBytes() / users),
                    perUser("state.history", histories.tableBytes() / users),
                    perUser("state.weights", (all.tableBytes() - histories.tableBytes()) / users),
                    perUser("checkpoint", all.bytes() / users));
        }
    }

    private static List<Figure> ofCaches(RatingTable ratings, Setting setting) throws Exception {
        ScheduledExecutorService timers = ServingCache.timers();
        try (ModelStore store =
                ModelStore.open(setting.scratch().resolve("version").toUri(), Map.of())) {
            double serving = HeapUse.of(() -> ServingCache.filled(ratings, timers));
            int some = Math.min(COVARIANCE_USERS, ratings.users());
            LearnerOnHeap learner = new LearnerOnHeap(ratings, store.open(SyntheticVersion.write(store, SEED)));
            double covariances = HeapUse.of(() -> learner.filled(some, NO_BOUND));
            return List.of(
                    perUser("servingCache", serving / ratings.users()), perUser("covarianceCache", covariances / some));
        } finally {
            timers.shutdownNow();
        }
    }

    private static Figure perUser(String what, double bytes) {
        return Figure.exact(what + ".bytesPerUser", "B", bytes);
    }

    private static List<String> notes(Map<String, String> settings) {
        return List.of(
                "version of " + SyntheticVersion.ITEMS + " items with random factors of rank " + SyntheticVersion.RANK
                        + " and the constant 1 for the user's bias, so weights of length "
                        + (SyntheticVersion.RANK + 1),
                "state: the tables of RocksDB that were live when the last checkpoint was taken, which had flushed everything;"
                        + " compressed, and with what compaction had not yet removed",
                "state.history: the same before any version was loaded; state.weights: what was added when every user was rebased onto"
                        + " one version",
                "checkpoint: all that the checkpoint consists of, shared files, operators and the version's features included",
                "servingCache: heap of a serving node's user models, one version each, by the difference in use after full collections;"
                        + " covarianceCache: the same for the job's cache, history's items and covariance of one version, over "
                        + COVARIANCE_USERS + " users at most",
                "measured once each: no intervals",
                "settings: " + settings);
    }
}
