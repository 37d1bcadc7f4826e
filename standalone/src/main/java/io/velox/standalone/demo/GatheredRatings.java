package io.velox.standalone.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ratings whose lines are in no order of users, held in memory as columns of numbers: 28 bytes for each. Of two ratings of one item by one
 * user the later line counts. Immutable.
 */
final class GatheredRatings {
    private static final long NO_TIME = Long.MIN_VALUE;

    private final List<String> users;
    private final List<String> items;
    private final int[] firstOfUser;
    private final int[] order;
    private final int[] item;
    private final double[] label;
    private final long[] time;

    private GatheredRatings(Columns columns) {
        this.users = List.copyOf(columns.userNumbers.keySet());
        this.items = List.copyOf(columns.itemNumbers.keySet());
        this.item = columns.item;
        this.label = columns.label;
        this.time = columns.time;
        this.firstOfUser = new int[users.size() + 1];
        for (int row = 0; row < columns.size; row++) {
            firstOfUser[columns.user[row] + 1]++;
        }
        Arrays.parallelPrefix(firstOfUser, Integer::sum);
        int[] next = firstOfUser.clone();
        this.order = new int[columns.size];
        for (int row = 0; row < columns.size; row++) {
            order[next[columns.user[row]]++] = row;
        }
    }

    static GatheredRatings of(Iterator<RatedLine> lines) {
        Columns columns = new Columns();
        lines.forEachRemaining(columns::add);
        return new GatheredRatings(columns);
    }

    /** Users in the order of their first lines. */
    Stream<UserRatings> users() {
        return IntStream.range(0, users.size()).mapToObj(this::user);
    }

    /** Lines read, repeated ratings among them. */
    long rows() {
        return order.length;
    }

    private UserRatings user(int user) {
        Map<String, Rating> ratings = new LinkedHashMap<>();
        for (int i = firstOfUser[user]; i < firstOfUser[user + 1]; i++) {
            int row = order[i];
            String id = items.get(item[row]);
            ratings.put(id, new Rating(id, label[row], time[row] == NO_TIME ? null : Instant.ofEpochMilli(time[row])));
        }
        return new UserRatings(users.get(user), new ArrayList<>(ratings.values()));
    }

    private static final class Columns {
        private final Map<String, Integer> userNumbers = new LinkedHashMap<>();
        private final Map<String, Integer> itemNumbers = new LinkedHashMap<>();
        private int[] user = new int[1 << 16];
        private int[] item = new int[1 << 16];
        private double[] label = new double[1 << 16];
        private long[] time = new long[1 << 16];
        private int size;

        void add(RatedLine line) {
            if (size == user.length) {
                grow();
            }
            Rating rating = line.rating();
            user[size] = userNumbers.computeIfAbsent(line.uid(), uid -> userNumbers.size());
            item[size] = itemNumbers.computeIfAbsent(rating.item(), id -> itemNumbers.size());
            label[size] = rating.label();
            time[size] =
                    rating.timestamp() == null ? NO_TIME : rating.timestamp().toEpochMilli();
            size++;
        }

        private void grow() {
            int larger = size + size / 2;
            user = Arrays.copyOf(user, larger);
            item = Arrays.copyOf(item, larger);
            label = Arrays.copyOf(label, larger);
            time = Arrays.copyOf(time, larger);
        }
    }
}
