package io.velox.bench.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A share of a table's items, as if they came after the training: some of each one's ratings are there to learn from, the others to
 * judge by.
 *
 * @param trainingRows those of all other items
 * @param items the hidden ones
 */
public record HiddenItems(int[] trainingRows, List<Item> items) {
    /**
     * One hidden item.
     *
     * @param first rows to learn from, in the order in which they arrive
     * @param rest rows to judge by
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Item(String id, int[] first, int[] rest) {}

    /**
     * Draws items.
     *
     * @param share of the items with {@code leastRatings} or more
     * @param first how many ratings of each, drawn at random, are there to learn from
     */
    public static HiddenItems draw(RatingTable table, double share, int leastRatings, int first, long seed) {
        Map<String, List<Integer>> rows = new HashMap<>();
        for (int row = 0; row < table.size(); row++) {
            rows.computeIfAbsent(table.item(row), id -> new ArrayList<>()).add(row);
        }
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, int[]> known = new TreeMap<>();
        rows.forEach((id, all) -> {
            if (all.size() >= leastRatings) {
                known.put(id, all.stream().mapToInt(Integer::intValue).toArray());
            }
        });
        String[] ids = known.keySet().toArray(String[]::new);
        int[] order = IntStream.range(0, ids.length).toArray();
        SendingOrder.shuffle(order, random);
        List<Item> hidden = new ArrayList<>();
        Set<String> hiddenIds = new HashSet<>();
        for (int i = 0; i < Math.round(share * ids.length); i++) {
            String id = ids[order[i]];
            int[] mixed = known.get(id);
            SendingOrder.shuffle(mixed, random);
            hidden.add(new Item(id, Arrays.copyOf(mixed, first), Arrays.copyOfRange(mixed, first, mixed.length)));
            hiddenIds.add(id);
        }
        int[] training = IntStream.range(0, table.size())
                .filter(row -> !hiddenIds.contains(table.item(row)))
                .toArray();
        return new HiddenItems(training, List.copyOf(hidden));
    }
}
