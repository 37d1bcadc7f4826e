package io.velox.bench.explore;

import io.velox.bench.data.RatingTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Some users and some items of a table of whom nearly every user has rated nearly every item: of those with the most ratings, the worst is left
 * out, user or item, until as many are left as are wanted.
 *
 * @param users their numbers in the table
 * @param rows of each user, those that rate items of the block
 */
public record DenseBlock(List<Integer> users, Set<String> items, Map<Integer, List<Integer>> rows) {
    /** How many times the wanted users and items it begins with. */
    private static final int BEGIN = 4;

    public DenseBlock {
        users = List.copyOf(users);
        items = Set.copyOf(items);
        rows = Map.copyOf(rows);
    }

    /**
     * Finds a block; of equally bad ones the first by number or id is left out.
     *
     * @throws IllegalArgumentException if the table has fewer users or items
     */
    public static DenseBlock of(RatingTable table, int wantedUsers, int wantedItems) {
        if (wantedUsers < 1
                || wantedItems < 1
                || wantedUsers > table.users()
                || wantedItems > table.items().size()) {
            throw new IllegalArgumentException("a block must have between 1 and all users and items, but is "
                    + wantedUsers + " by " + wantedItems + " of " + table.users() + " by "
                    + table.items().size());
        }
        Map<String, Integer> popularity = new HashMap<>();
        for (int row = 0; row < table.size(); row++) {
            popularity.merge(table.item(row), 1, Integer::sum);
        }
        Set<String> items = popularity.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry::getKey))
                .limit((long) BEGIN * wantedItems)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<Integer> users = IntStream.range(0, table.users())
                .boxed()
                .sorted(Comparator.comparing((Integer user) -> table.start(user) - table.start(user + 1))
                        .thenComparing(user -> user))
                .limit((long) BEGIN * wantedUsers)
                .collect(Collectors.toCollection(TreeSet::new));
        while (users.size() > wantedUsers || items.size() > wantedItems) {
            leaveOutTheWorst(table, users, users.size() - wantedUsers, items, items.size() - wantedItems);
        }
        Map<Integer, List<Integer>> rows = new HashMap<>();
        users.forEach(user -> rows.put(user, rows(table, user, items)));
        return new DenseBlock(List.copyOf(users), items, rows);
    }

    private static void leaveOutTheWorst(
            RatingTable table, Set<Integer> users, int tooManyUsers, Set<String> items, int tooManyItems) {
        Map<String, Integer> ofItem = new HashMap<>();
        items.forEach(item -> ofItem.put(item, 0));
        int worstUser = -1;
        int fewest = Integer.MAX_VALUE;
        for (int user : users) {
            List<Integer> rows = rows(table, user, items);
            rows.forEach(row -> ofItem.merge(table.item(row), 1, Integer::sum));
            if (rows.size() < fewest) {
                worstUser = user;
                fewest = rows.size();
            }
        }
        Map.Entry<String, Integer> worstItem = ofItem.entrySet().stream()
                .min(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
                .orElseThrow();
        boolean isUserWorse = (double) fewest / items.size() <= (double) worstItem.getValue() / users.size();
        if (tooManyItems == 0 || (tooManyUsers > 0 && isUserWorse)) {
            users.remove(worstUser);
        } else {
            items.remove(worstItem.getKey());
        }
    }

    private static List<Integer> rows(RatingTable table, int user, Set<String> items) {
        List<Integer> rows = new ArrayList<>();
        for (int row = table.start(user); row < table.start(user + 1); row++) {
            if (items.contains(table.item(row))) {
                rows.add(row);
            }
        }
        return rows;
    }

    /** The share of its cells that are rated. */
    public double density() {
        return rows.values().stream().mapToInt(List::size).sum() / ((double) users.size() * items.size());
    }

    /** The ratings of the user with the fewest. */
    public int fewest() {
        return rows.values().stream().mapToInt(List::size).min().orElse(0);
    }
}
