package io.velox.bench.experiment;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.velox.bench.data.RatingTable;
import io.velox.bench.data.SyntheticVersion;
import io.velox.core.learn.LossStatistics;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserModelReader;
import io.velox.core.user.UserWeights;
import io.velox.serving.log.UserPartitions;
import io.velox.serving.users.UserModels;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The cache of user models of a serving node, filled with all users of a data set. */
final class ServingCache {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private ServingCache() {}

    static UserModels filled(RatingTable ratings, ScheduledExecutorService timers) throws Exception {
        UserModels models = new UserModels(
                new MadeUp(),
                CircuitBreaker.ofDefaults("bench"),
                new UserPartitions(0, 1),
                ratings.users() + 1,
                timers);
        for (int user = 0; user < ratings.users(); user++) {
            // An id of its own, as in a request.
            String uid = new String(ratings.uid(user).toCharArray());
            var unused = models.find(uid, Optional.empty(), DEADLINE).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
        return models;
    }

    static ScheduledExecutorService timers() {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "bench-timers");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Every user has weights in one version. */
    private static final class MadeUp implements UserModelReader {
        private static final ModelVersion VERSION = new ModelVersion("als", 1);

        @Override
        public CompletableFuture<Optional<UserModel>> userModel(String uid) {
            UserWeights weights =
                    new UserWeights(VERSION, new double[SyntheticVersion.RANK + 1], 143, LossStatistics.NONE.plus(0.5));
            return CompletableFuture.completedFuture(Optional.of(
                    new UserModel(new String(uid.toCharArray()), new Revision(0, 0, 1), 143, false, List.of(weights))));
        }

        @Override
        public CompletableFuture<List<HistoryEntry>> history(String uid) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public void close() {}
    }
}
