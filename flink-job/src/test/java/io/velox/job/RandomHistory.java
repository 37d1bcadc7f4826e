package io.velox.job;

import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One user's records at random: observed, rated again, withdrawn, forgotten, sent again under the same id. */
public final class RandomHistory {
    private final String uid;
    private final RandomGenerator random;
    private final int items;
    private final List<UserRecord.Observed> sent = new ArrayList<>();

    public RandomHistory(String uid, int items, RandomGenerator random) {
        this.uid = uid;
        this.items = items;
        this.random = random;
    }

    public UserRecord next() {
        int kind = random.nextInt(20);
        if (kind == 0) {
            return new UserRecord.Withdrawn(uid, item());
        }
        if (kind == 1 && !sent.isEmpty()) {
            return new UserRecord.Withdrawn(uid, anySent().item());
        }
        if (kind == 2 && random.nextInt(6) == 0) {
            return new UserRecord.Forgotten(uid);
        }
        if (kind < 7 && !sent.isEmpty()) {
            return anySent(); // with an id a retry, without one the same rating once more
        }
        if (kind < 10 && !sent.isEmpty()) {
            return observe(anySent().item());
        }
        return observe(item());
    }

    private UserRecord.Observed observe(Item item) {
        String id = random.nextInt(3) == 0 ? "id-" + random.nextInt(1_000_000) : null;
        UserRecord.Observed observed =
                new UserRecord.Observed(uid, item, random.nextInt(11) / 2.0, 1_000 + sent.size(), id, null);
        sent.add(observed);
        return observed;
    }

    private UserRecord.Observed anySent() {
        return sent.get(random.nextInt(sent.size()));
    }

    private Item item() {
        return Item.ofId("i" + random.nextInt(items));
    }
}
