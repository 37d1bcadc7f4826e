package io.velox.job.learn;

import io.velox.core.log.UserRecord;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.UserModel;
import io.velox.job.log.LogRecord;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies records to users: after every record the user's weights in each loaded version are the ridge posterior mean over the user's
 * history, as far as the version knows its items.
 *
 * <p>The history is what is kept; the covariances that make learning cheap are cached within {@code cacheBytes} and rebuilt from the
 * history when missing. Single writer: each subtask has its own.
 */
public final class UserLearner {
    private final DerivedUsers cache;

    public UserLearner(long cacheBytes) {
        this.cache = new DerivedUsers(cacheBytes);
    }

    /**
     * Applies one record. The history is changed before this returns, and nothing else.
     *
     * @param before the user's model; null for a user never seen
     * @param history the user's, as of {@code before}
     * @param record decoded, and later in the log than {@code before}
     * @param models every loaded version
     */
    public Outcome apply(
            @Nullable UserModel before, UserHistory history, LogRecord record, Collection<VeloxModel> models)
            throws Exception {
        String uid = record.uid();
        if (record.decoded() instanceof UserRecord.Forgotten) {
            history.replace(List.of());
            cache.forget(uid);
            UserModel tombstone = new UserModel(uid, record.position(), 0, true, List.of());
            return new Outcome(tombstone, null, List.of());
        }
        DerivedUser derived = before == null ? null : cache.find(uid, before.revision());
        UserStep step = new UserStep(before, derived, history, record, models);
        Outcome outcome = step.run();
        step.derived().ifPresent(user -> cache.put(uid, user));
        return outcome;
    }

    /** How many users' covariances are cached. */
    public long cachedUsers() {
        return cache.count();
    }
}
