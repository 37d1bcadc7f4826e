package io.velox.bench.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A share of a table's items, as if they came after the training: some of each one's ratings are there to learn from, the others to
 * judge by.
 *
 * @param trainingRows those of all other items
 * @param items the hidden ones
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
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
        List<Item> candidates = new ArrayList<>();
        new TreeMap<>(rows).forEach((id, all) -> {
            if (all.size() >= leastRatings) {
                int[] mixed = all.stream().mapToInt(Integer::intValue).toArray();
                SendingOrder.shuffle(mixed, random);
                candidates.add(
                        new Item(id, Arrays.copyOf(mixed, first), Arrays.copyOfRange(mixed, first, mixed.length)));
            }
        });
        int[] order = IntStream.range(0, candidates.size()).toArray();
        SendingOrder.shuffle(order, random);
        List<Item> hidden = Arrays.stream(order)
                .limit(Math.round(share * order.length))
                .mapToObj(candidates::get)
                .toList();
        Set<String> hiddenIds = hidden.stream().map(Item::id).collect(Collectors.toSet());
        int[] training = IntStream.range(0, table.size())
                .filter(row -> !hiddenIds.contains(table.item(row)))
                .toArray();
        return new HiddenItems(training, hidden);
    }
}
