package io.velox.serving.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Posterior;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.serving.predict.TestWorld;
import io.velox.serving.users.UserSnapshot;
import io.velox.serving.users.UserView;
import io.velox.serving.users.Users;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AuditTest {
    private static final VeloxModel ALS = TestWorld.als(TestWorld.ALS_3);
    private static final List<HistoryEntry> HISTORY =
            List.of(TestWorld.rated(3, "1", 4), TestWorld.rated(5, "20", 2.5), TestWorld.rated(9, "7", 1));

    private final List<UserModel> served = new ArrayList<>();
    private final Map<String, UserSnapshot> state = new HashMap<>();
    private final Audit audit = new Audit(
            size -> served.subList(0, Math.min(size, served.size())),
            new InMemoryUsers(),
            new LoadedAls(),
            20,
            Clock.fixed(TestWorld.NOW, ZoneOffset.UTC));

    @Test
    void weightsThatTheHistorySaysDoNotDiffer() throws Exception {
        add("u1", right(), HISTORY);
        audit.run();
        assertThat(audit.last().models().get("als").users()).isEqualTo(1);
        assertThat(audit.last().models().get("als").differing()).isZero();
        assertThat(audit.last().models().get("als").maxDifference()).isLessThan(1e-12);
    }

    @Test
    void aWrongWeightIsFound() throws Exception {
        double[] wrong = right();
        wrong[1] += 0.25;
        add("u1", right(), HISTORY);
        add("u2", wrong, HISTORY);
        audit.run();
        assertThat(audit.last().models().get("als").users()).isEqualTo(2);
        assertThat(audit.last().models().get("als").differing()).isEqualTo(1);
        assertThat(audit.last().models().get("als").maxDifference()).isEqualTo(0.25, within(1e-12));
    }

    @Test
    void aWeightThatIsNoNumberIsFound() throws Exception {
        double[] wrong = right();
        wrong[0] = Double.NaN;
        add("u1", wrong, HISTORY);
        audit.run();
        assertThat(audit.last().models().get("als").differing()).isEqualTo(1);
        assertThat(audit.last().models().get("als").maxDifference())
                .as("has a JSON")
                .isFinite();
    }

    @Test
    void aUserWhoMovedOnOrCannotBeReadIsPassedOver() throws Exception {
        double[] wrong = right();
        wrong[1] += 1;
        add("moved", wrong, HISTORY);
        UserModel later = new UserModel(
                "moved", new Revision(0, 2, 42), 3, false, served.get(0).weights());
        state.put("moved", new UserSnapshot(Optional.of(later), HISTORY));
        add("unreadable", wrong, HISTORY);
        state.remove("unreadable");
        add("u1", right(), HISTORY);
        audit.run();
        assertThat(audit.last().models().get("als").users()).isEqualTo(1);
        assertThat(audit.last().models().get("als").differing()).isZero();
    }

    @Test
    void eachAuditedObservationIsPredictedFromTheOthers() throws Exception {
        add("u1", right(), HISTORY);
        audit.run();
        double sum = 0;
        for (HistoryEntry left : HISTORY) {
            List<FeatureVector> features = new ArrayList<>();
            List<Double> labels = new ArrayList<>();
            for (HistoryEntry other : HISTORY) {
                if (!other.equals(left)) {
                    features.add(ALS.features(other.item()).orElseThrow());
                    labels.add(other.label());
                }
            }
            RidgeLearner refit = RidgeLearner.ofHistory(
                    ALS.prior(),
                    ALS.noise(),
                    features,
                    labels.stream().mapToDouble(Double::doubleValue).toArray());
            double error =
                    left.label() - refit.predict(ALS.features(left.item()).orElseThrow());
            sum += error * error;
        }
        var found = audit.last().crossValidation().get(TestWorld.ALS_3);
        assertThat(found.count()).isEqualTo(3);
        assertThat(found.sum()).isEqualTo(sum, within(1e-9));
    }

    @Test
    void nobodyInTheCacheIsNoFinding() throws Exception {
        audit.run();
        assertThat(audit.last().models()).isEmpty();
        assertThat(audit.last().at()).isEqualTo(TestWorld.NOW);
    }

    private static double[] right() {
        return Posterior.of(ALS, HISTORY).learner().weights();
    }

    private void add(String uid, double[] weights, List<HistoryEntry> history) {
        UserModel model = TestWorld.user(uid, history.size(), TestWorld.weights(TestWorld.ALS_3, 3, weights));
        served.add(model);
        state.put(uid, new UserSnapshot(Optional.of(model), history));
    }

    /** Users as a test put them into {@link #state}; those it did not cannot be read. */
    private final class InMemoryUsers implements Users {
        @Override
        public CompletableFuture<UserView> find(String uid, Optional<Revision> after, Duration timeout) {
            return CompletableFuture.failedFuture(new AssertionError("an audit reads snapshots"));
        }

        @Override
        public CompletableFuture<UserSnapshot> snapshot(String uid, Optional<Revision> after, Duration timeout) {
            UserSnapshot found = state.get(uid);
            return found == null
                    ? CompletableFuture.failedFuture(
                            new VeloxException(ErrorCode.STATE_UNAVAILABLE, "the job cannot be asked"))
                    : CompletableFuture.completedFuture(found);
        }
    }
}
