package io.velox.system;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Draws what happens to one user: new observations, ratings changed, retries soon and late (after a change of the rating, a withdrawal,
 * a forgetting), withdrawals, forgetting, and ids used again for another item.
 */
final class HistoryScript {
    private static final int MIN_ACTIONS = 4;
    private static final int MAX_ACTIONS = 16;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final String uid;
    private final Random random;
    private final List<RatedItem> items;
    private final List<UserAction.Observe> sent = new ArrayList<>();

    private HistoryScript(String uid, Random random, List<RatedItem> items) {
        this.uid = uid;
        this.random = random;
        this.items = items;
    }

    /** The user's actions; the same of the same seed and items. */
    static List<UserAction> draw(String uid, long seed, List<RatedItem> items) {
        HistoryScript script = new HistoryScript(uid, new Random(seed), items);
        int count = MIN_ACTIONS + script.random.nextInt(MAX_ACTIONS - MIN_ACTIONS + 1);
        List<UserAction> actions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            actions.add(script.next(i));
        }
        return actions;
    }

    private UserAction next(int number) {
        double choice = random.nextDouble();
        if (sent.isEmpty() || choice < 0.45) {
            return observe(anyItem(), number, "o" + number);
        }
        UserAction.Observe earlier = sent.get(random.nextInt(sent.size()));
        if (choice < 0.58) {
            return observe(earlier.item(), number, "o" + number);
        }
        if (choice < 0.76) {
            return earlier;
        }
        if (choice < 0.80) {
            return observe(anyItem(), number, earlier.id());
        }
        if (choice < 0.94) {
            return new UserAction.Withdraw(uid, random.nextInt(10) == 0 ? anyItem() : earlier.item());
        }
        return new UserAction.Forget(uid);
    }

    private UserAction.Observe observe(RatedItem item, int number, String id) {
        UserAction.Observe observation = new UserAction.Observe(
                uid,
                item,
                (1 + random.nextInt(10)) / 2.0,
                BEGIN.plusSeconds(random.nextInt(10_000_000)).plusMillis(number),
                random.nextInt(4) == 0 ? "" : id);
        sent.add(observation);
        return observation;
    }

    private RatedItem anyItem() {
        return items.get(random.nextInt(items.size()));
    }
}
