package io.velox.job.learn;

import io.velox.core.model.Item;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.SpentId;
import io.velox.core.user.UserModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One user's history while one record is applied: it is read at most once, and only if what is known of it by hashes does not answer
 * the question.
 */
final class HistoryInStep {
    /** How many spent ids are kept of each user: the newest. */
    static final int MAX_SPENT_IDS = 1_000;

    private final UserHistory kept;
    private final boolean isNew;
    private int size;

    @Nullable
    private List<HistoryEntry> entries;

    @Nullable
    private SeenHashes seen;

    /**
     * A history that has not been read.
     *
     * @param before the user's model; null for a user never seen
     * @param known what is cached of the user, or null
     */
    HistoryInStep(UserHistory kept, @Nullable UserModel before, @Nullable KnownUser known) {
        this.kept = kept;
        this.isNew = before == null;
        this.size = before == null ? 0 : before.historySize();
        this.seen = known == null ? null : known.seen();
    }

    int size() {
        return size;
    }

    /** What the history has in it, by hashes; null if nobody asked and nothing was cached. */
    @Nullable
    SeenHashes seen() {
        return seen;
    }

    List<HistoryEntry> entries() throws Exception {
        List<HistoryEntry> read = entries;
        if (read == null) {
            read = size == 0 ? List.of() : kept.entries();
            entries = read;
        }
        return read;
    }

    boolean has(Item item) throws Exception {
        if (hashes().mayHave(item)) {
            for (HistoryEntry entry : entries()) {
                if (entry.item().equals(item)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the very same observation was applied before, going by its client's id: also if it has left the history since. */
    boolean hasApplied(HistoryEntry entry) throws Exception {
        String id = entry.id();
        if (id == null || !hashes().mayHave(entry.item(), id)) {
            return false;
        }
        for (HistoryEntry old : entries()) {
            if (id.equals(old.id()) && old.item().equals(entry.item())) {
                return true;
            }
        }
        return kept.spentIds().contains(new SpentId(entry.item(), id));
    }

    void append(HistoryEntry entry) throws Exception {
        SeenHashes known = isNew ? hashes() : seen;
        if (known != null) {
            known.add(entry.item(), entry.id());
        }
        kept.append(entry);
        size++;
        entries = null;
    }

    /** Takes every observation of {@code item} out, and puts {@code instead}, if there is one, at the end; their ids are spent. */
    List<HistoryEntry> replaceItem(Item item, @Nullable HistoryEntry instead) throws Exception {
        List<HistoryEntry> next = new ArrayList<>(size);
        List<SpentId> spent = new ArrayList<>();
        for (HistoryEntry old : entries()) {
            if (!old.item().equals(item)) {
                next.add(old);
            } else if (old.id() != null) {
                spent.add(new SpentId(item, old.id()));
            }
        }
        if (instead != null) {
            next.add(instead);
        }
        List<SpentId> allSpent = spend(spent);
        kept.replace(next);
        entries = next;
        size = next.size();
        seen = SeenHashes.of(next, allSpent);
        return next;
    }

    private List<SpentId> spend(List<SpentId> more) throws Exception {
        List<SpentId> all = new ArrayList<>(kept.spentIds());
        if (more.isEmpty()) {
            return all;
        }
        all.addAll(more);
        List<SpentId> newest = all.subList(Math.max(0, all.size() - MAX_SPENT_IDS), all.size());
        kept.replaceSpentIds(newest);
        return newest;
    }

    private SeenHashes hashes() throws Exception {
        SeenHashes known = seen;
        if (known == null) {
            known = isNew ? new SeenHashes() : SeenHashes.of(entries(), kept.spentIds());
            seen = known;
        }
        return known;
    }
}
