package io.velox.bench.front;

import io.velox.bench.data.SyntheticVersion;
import io.velox.core.learn.LossStatistics;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserModelReader;
import io.velox.core.user.UserWeights;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** Every user whom anybody asks for, with weights that the id alone decides. */
final class MadeUpUsers implements UserModelReader {
    private static final double DEVIATION = 0.3;
    private static final int OBSERVATIONS = 143;

    private final ModelVersion version;

    MadeUpUsers(ModelVersion version) {
        this.version = version;
    }

    @Override
    public CompletableFuture<Optional<UserModel>> userModel(String uid) {
        SplittableRandom random = new SplittableRandom(uid.hashCode());
        double[] weights = new double[SyntheticVersion.RANK + 1];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = DEVIATION * random.nextGaussian();
        }
        UserWeights known = new UserWeights(version, weights, OBSERVATIONS, LossStatistics.NONE.plus(0.5));
        return CompletableFuture.completedFuture(
                Optional.of(new UserModel(uid, new Revision(0, 0, 1), OBSERVATIONS, false, List.of(known))));
    }

    @Override
    public CompletableFuture<List<HistoryEntry>> history(String uid) {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public void close() {}
}
