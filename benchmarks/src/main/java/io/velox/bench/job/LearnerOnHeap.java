package io.velox.bench.job;

import io.velox.bench.data.RatingTable;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.SpentId;
import io.velox.core.user.UserModel;
import io.velox.job.learn.UserHistory;
import io.velox.job.learn.UserLearner;
import io.velox.job.log.LogRecord;
import java.util.ArrayList;
import java.util.List;

/** The learner of one subtask without Flink, its cache filled with the users of a data set. */
public final class LearnerOnHeap {
    private static final long MIB = 1 << 20;
    private static final long EVERY_USER = 1L << 40;

    private final RatingTable ratings;
    private final VeloxModel model;

    /** {@code model} is what every user is learnt in. */
    public LearnerOnHeap(RatingTable ratings, VeloxModel model) {
        this.ratings = ratings;
        this.model = model;
    }

    /** A learner whose cache was offered {@code users} users, spread evenly over the data set. */
    public UserLearner filled(int users, long cacheBytes) throws Exception {
        UserLearner learner = new UserLearner(EVERY_USER, cacheBytes, false);
        for (int i = 0; i < users; i++) {
            int user = (int) ((long) ratings.users() * i / users);
            List<HistoryEntry> history = history(user);
            String uid = ratings.uid(user);
            Revision before = new Revision(0, 0, 2L * i);
            Revision now = new Revision(0, 0, 2L * i + 1);
            UserModel known = new UserModel(uid, before, history.size(), false, List.of());
            var unused = learner.apply(
                    known,
                    new Unchanging(history),
                    LogRecord.of(
                            now,
                            0,
                            new UserRecord.Rebased(
                                    uid, model.id().model(), model.id().version(), "")),
                    List.of(model));
        }
        return learner;
    }

    /** What the cache counts for a user, on average over {@code users} of them: the smallest bound that keeps all, by bisection. */
    public double countedBytesPerUser(int users) throws Exception {
        long tooLittle = 0;
        long enough = MIB;
        while (filled(users, enough).cachedUsers() < users) {
            tooLittle = enough;
            enough *= 2;
        }
        while (enough - tooLittle > enough / 100) {
            long middle = (enough + tooLittle) / 2;
            if (filled(users, middle).cachedUsers() < users) {
                tooLittle = middle;
            } else {
                enough = middle;
            }
        }
        return (double) enough / users;
    }

    private List<HistoryEntry> history(int user) {
        List<HistoryEntry> history = new ArrayList<>();
        for (int row = ratings.start(user); row < ratings.start(user + 1); row++) {
            // An id of its own, as in the job, where it is read from state.
            Item item = Item.ofId(new String(ratings.item(row).toCharArray()));
            history.add(new HistoryEntry(row, item, ratings.label(row), ratings.time(row), null));
        }
        return history;
    }

    private record Unchanging(List<HistoryEntry> entries) implements UserHistory {
        @Override
        public List<SpentId> spentIds() {
            return List.of();
        }

        @Override
        public void replaceSpentIds(List<SpentId> ids) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void append(HistoryEntry entry) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void replace(List<HistoryEntry> entries) {
            throw new UnsupportedOperationException();
        }
    }
}
