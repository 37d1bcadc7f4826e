package io.velox.retrain;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What remains of one user's records, applied in the order of the log: forgetting drops everything before it, withdrawing drops the
 * item, and of several ratings of an item the last one counts (but for a repetition under the same client id, which changes nothing).
 * Single writer.
 */
final class HistoryFold {
    private final Map<String, Rating> ratings = new LinkedHashMap<>();
    private boolean isKnown;

    private record Rating(double label, @Nullable String clientId) {}

    void observed(String item, double label, @Nullable String clientId) {
        isKnown = true;
        Rating previous = ratings.get(item);
        if (previous == null || clientId == null || !clientId.equals(previous.clientId())) {
            ratings.put(item, new Rating(label, clientId));
        }
    }

    void withdrawn(String item) {
        isKnown = true;
        ratings.remove(item);
    }

    /** Something happened that is nothing to a factorisation, such as a rating of an item that is data. */
    void noticed() {
        isKnown = true;
    }

    void forgotten() {
        isKnown = false;
        ratings.clear();
    }

    /** Whether anything has happened since the user was last forgotten. */
    boolean isKnown() {
        return isKnown;
    }

    FoldedUser toUser(String uid) {
        return new FoldedUser(
                uid,
                ratings.keySet().toArray(String[]::new),
                ratings.values().stream().mapToDouble(Rating::label).toArray());
    }
}
