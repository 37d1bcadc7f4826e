package io.velox.job.learn;

import io.velox.core.model.Item;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.SpentId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one user has observed, as 32-bit hashes of items, and of client ids with their items: about six bytes each. It may take something
 * for seen that is not, never the other way round. Single writer.
 *
 * <p>Open addressing with linear probing; 0 marks an empty place.
 */
final class SeenHashes {
    private static final int FIRST_CAPACITY = 8;
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private int[] places = new int[FIRST_CAPACITY];
    private int size;

    /** What is in a user's history, and the ids that were in it. */
    static SeenHashes of(List<HistoryEntry> history, List<SpentId> spent) {
        SeenHashes seen = new SeenHashes();
        history.forEach(entry -> seen.add(entry.item(), entry.id()));
        spent.forEach(id -> seen.insert(hash(id.item(), id.id())));
        return seen;
    }

    boolean mayHave(Item item) {
        return contains(hash(item));
    }

    boolean mayHave(Item item, String id) {
        return contains(hash(item, id));
    }

    void add(Item item, @Nullable String id) {
        insert(hash(item));
        if (id != null) {
            insert(hash(item, id));
        }
    }

    /** About what it takes on the heap. */
    int sizeBytes() {
        return Integer.BYTES * places.length + 48;
    }

    private boolean contains(int hash) {
        int i = place(hash, places.length);
        while (places[i] != 0) {
            if (places[i] == hash) {
                return true;
            }
            i = i + 1 < places.length ? i + 1 : 0;
        }
        return false;
    }

    private void insert(int hash) {
        if (contains(hash)) {
            return;
        }
        if (4L * (size + 1) > 3L * places.length) {
            int[] old = places;
            places = new int[old.length + (old.length >> 1)];
            for (int known : old) {
                if (known != 0) {
                    put(known);
                }
            }
        }
        put(hash);
        size++;
    }

    private void put(int hash) {
        int i = place(hash, places.length);
        while (places[i] != 0) {
            i = i + 1 < places.length ? i + 1 : 0;
        }
        places[i] = hash;
    }

    /** Where the search for a hash begins: its share of the whole range. */
    private static int place(int hash, int capacity) {
        return (int) (((hash & 0xffffffffL) * capacity) >>> Integer.SIZE);
    }

    private static int hash(Item item) {
        return fold(mix(item.isId() ? 1 : 2, item.text()));
    }

    private static int hash(Item item, String id) {
        return fold(mix(mix(item.isId() ? 3 : 4, item.text()), id));
    }

    private static long mix(long seed, String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * MULTIPLIER;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    private static int fold(long hash) {
        int folded = (int) ((hash * MULTIPLIER) >>> Integer.SIZE);
        return folded == 0 ? 1 : folded;
    }
}
