package io.velox.job.health;

import io.velox.core.learn.LossStatistics;
import io.velox.core.log.HealthRecord.WorstUser;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The {@value #KEPT} users of one subtask whom one version serves worst: those with the highest mean loss over all predictions for them,
 * of at least {@value #MIN_OBSERVATIONS}. It knows of a user what was last offered, and of nobody whom it has let go until the user's
 * next observation. O({@value #KEPT}) for users in it, O(1) for the others. Single writer.
 */
final class WorstUsers {
    static final int KEPT = 20;
    static final int MIN_OBSERVATIONS = 5;

    private static final Comparator<WorstUser> WORST_FIRST =
            Comparator.comparingDouble(WorstUser::loss).reversed().thenComparing(WorstUser::uid);

    private final Map<String, WorstUser> users = new HashMap<>();

    /** The lowest mean in it when it is full. */
    private double least = Double.NEGATIVE_INFINITY;

    void offer(String uid, LossStatistics loss) {
        double mean = loss.mean();
        if (loss.count() >= MIN_OBSERVATIONS && (mean > least || users.containsKey(uid))) {
            keep(new WorstUser(uid, mean, loss.count()));
        }
    }

    /** Takes up a user from a checkpoint. */
    void keep(WorstUser user) {
        users.put(user.uid(), user);
        if (users.size() > KEPT) {
            users.remove(best().uid());
        }
        least = users.size() == KEPT ? best().loss() : Double.NEGATIVE_INFINITY;
    }

    void forget(String uid) {
        if (users.remove(uid) != null) {
            least = Double.NEGATIVE_INFINITY;
        }
    }

    List<WorstUser> inOrder() {
        return users.values().stream().sorted(WORST_FIRST).toList();
    }

    private WorstUser best() {
        WorstUser best = null;
        for (WorstUser user : users.values()) {
            best = best == null || user.loss() < best.loss() ? user : best;
        }
        return Objects.requireNonNull(best);
    }
}
