package io.velox.job.learn;

import io.velox.core.log.UserRecord;
import io.velox.core.model.Repeat;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.UserModel;
import io.velox.job.item.ItemContribution;
import io.velox.job.log.LogRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies records to users: after every record the user's weights in each loaded version are the ridge posterior mean over the user's
 * history, as far as the version knows its items and repeats them.
 *
 * <p>The history is what is kept; the covariances that make learning cheap, and what tells a new item from a known one, are cached
 * and rebuilt from the history when missing. Single writer: each subtask has its own.
 */
public final class UserLearner {
    private final UserCache<KnownUser> users;
    private final UserCache<Learners> learners;
    private final boolean someModelAccumulates;

    /**
     * A learner with empty caches.
     *
     * @param userCacheBytes bound users' models with what they have seen, {@code covarianceCacheBytes} their covariances
     * @param someModelAccumulates whether superseded observations are kept though no loaded version learns from them yet
     */
    public UserLearner(long userCacheBytes, long covarianceCacheBytes, boolean someModelAccumulates) {
        this.users = new UserCache<>(userCacheBytes);
        this.learners = new UserCache<>(covarianceCacheBytes);
        this.someModelAccumulates = someModelAccumulates;
    }

    /** The user's model after the last record, if it is cached: then it need not be read. */
    public @Nullable UserModel cachedModel(String uid) {
        KnownUser user = users.find(uid);
        return user == null ? null : user.model();
    }

    /**
     * Applies one record. The history is changed before this returns, and nothing else.
     *
     * @param before the user's model; null for a user never seen
     * @param history the user's, as of {@code before}
     * @param record decoded, and later in the log than {@code before}
     * @param models every loaded version, in ascending order
     */
    public Outcome apply(@Nullable UserModel before, UserHistory history, LogRecord record, List<VeloxModel> models)
            throws Exception {
        String uid = record.uid();
        if (record.decoded() instanceof UserRecord.Forgotten) {
            List<ItemContribution> ofItems = ItemContributions.takenBack(record, history.entries(), models);
            history.replace(List.of());
            history.replaceSpentIds(List.of());
            forget(uid);
            UserModel tombstone = new UserModel(uid, record.position(), 0, true, List.of());
            return new Outcome(tombstone, null, List.of(), List.of(), ofItems);
        }
        KnownUser known = before == null ? null : users.find(uid, before.revision());
        Learners learnt = before == null ? null : learners.find(uid, before.revision());
        int knownBytes = known == null ? 0 : known.sizeBytes();
        int learntBytes = learnt == null ? 0 : learnt.sizeBytes();

        HistoryInStep entries = new HistoryInStep(history, before, known);
        UserStep step = new UserStep(before, entries, learnt, record, models, keepsSuperseded(models));
        Outcome outcome = step.run();

        cache(uid, known, knownBytes, entries.seen(), outcome.model());
        Learners after = step.learners();
        if (after != null && (after != learnt || after.sizeBytes() != learntBytes)) {
            learners.put(uid, after);
        }
        return outcome;
    }

    /** Lets go of what is cached of a user. */
    public void forget(String uid) {
        users.forget(uid);
        learners.forget(uid);
    }

    /** How many users' covariances are cached. */
    public long cachedUsers() {
        return learners.count();
    }

    private void cache(
            String uid, @Nullable KnownUser known, int bytesBefore, @Nullable SeenHashes seen, UserModel model) {
        if (seen == null) {
            users.forget(uid); // of which nothing was asked
        } else if (known != null && known.seen() == seen) {
            known.moveTo(model);
            if (known.sizeBytes() != bytesBefore) {
                users.put(uid, known);
            }
        } else {
            users.put(uid, new KnownUser(model, seen));
        }
    }

    private boolean keepsSuperseded(List<VeloxModel> models) {
        if (someModelAccumulates) {
            return true;
        }
        for (VeloxModel model : models) {
            if (model.repeat() == Repeat.ACCUMULATE) {
                return true;
            }
        }
        return false;
    }
}
