package io.velox.retrain;

import io.velox.core.model.Repeat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What remains of one user's records, applied in the order of the log: forgetting drops everything before it, withdrawing drops the
 * item, and of several ratings of an item the last one counts, or their mean, as the model repeats. The same observation sent again
 * under its client id changes nothing, whatever became of it since. Single writer.
 */
final class HistoryFold {
    /** As many as the job keeps of each user. */
    private static final int MAX_SPENT_IDS = 1_000;

    private final Repeat repeat;
    private final Map<String, Ratings> ratings = new LinkedHashMap<>();
    private final Set<ClientId> spent = new LinkedHashSet<>();
    private boolean isKnown;

    HistoryFold(Repeat repeat) {
        this.repeat = repeat;
    }

    private record ClientId(String item, String id) {}

    /** A user's ratings of one item. */
    private static final class Ratings {
        private final Set<String> ids = new LinkedHashSet<>();
        private int count;
        private double sum;
        private boolean isNew;
    }

    void observed(String item, double label, @Nullable String clientId) {
        observed(item, label, clientId, false);
    }

    /**
     * A rating.
     *
     * @param isNew whether the record lies beyond what an earlier version saw. The user's rating of an item is new if all of the user's
     *     ratings of it are, those in whose place it is included: else the earlier version has learnt what the user thinks of the item
     */
    void observed(String item, double label, @Nullable String clientId, boolean isNew) {
        isKnown = true;
        Ratings known = ratings.get(item);
        if (clientId != null
                && ((known != null && known.ids.contains(clientId)) || spent.contains(new ClientId(item, clientId)))) {
            return;
        }
        boolean isFirst = known == null;
        if (known == null) {
            known = new Ratings();
            ratings.put(item, known);
        } else if (repeat == Repeat.REPLACE) {
            spend(item, known);
            known.count = 0;
            known.sum = 0;
        }
        known.isNew = isNew && (isFirst || known.isNew);
        known.count++;
        known.sum += label;
        if (clientId != null) {
            known.ids.add(clientId);
        }
    }

    void withdrawn(String item) {
        isKnown = true;
        Ratings known = ratings.remove(item);
        if (known != null) {
            spend(item, known);
        }
    }

    /** Something happened that is nothing to a factorisation, such as a rating of an item that is data. */
    void noticed() {
        isKnown = true;
    }

    void forgotten() {
        isKnown = false;
        ratings.clear();
        spent.clear();
    }

    /** Whether anything has happened since the user was last forgotten. */
    boolean isKnown() {
        return isKnown;
    }

    FoldedUser toUser(String uid) {
        boolean[] areNew = new boolean[ratings.size()];
        int n = 0;
        for (Ratings known : ratings.values()) {
            areNew[n++] = known.isNew;
        }
        return new FoldedUser(
                uid,
                ratings.keySet().toArray(String[]::new),
                ratings.values().stream().mapToDouble(r -> r.sum / r.count).toArray(),
                areNew);
    }

    private void spend(String item, Ratings gone) {
        gone.ids.forEach(id -> spent.add(new ClientId(item, id)));
        gone.ids.clear();
        for (Iterator<ClientId> oldest = spent.iterator(); spent.size() > MAX_SPENT_IDS; ) {
            oldest.next();
            oldest.remove();
        }
    }
}
