package io.velox.bench.data;

import io.velox.standalone.demo.DataSet;
import io.velox.standalone.demo.Rating;
import io.velox.standalone.demo.UserRatings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All ratings of a data set in columns, user by user, at twelve bytes each. Immutable. */
public final class RatingTable {
    private static final Instant NO_TIME = Instant.parse("2000-01-01T00:00:00Z");

    private final List<String> uids = new ArrayList<>();
    private final List<String> items = new ArrayList<>();
    private int[] userStarts = new int[1024];
    private int[] item = new int[1 << 16];
    private float[] label = new float[1 << 16];
    private int[] seconds = new int[1 << 16];
    private int size;

    private RatingTable() {}

    /** Reads a whole data set; ratings without a time are given one. */
    public static RatingTable of(DataSet data) {
        try (Stream<UserRatings> users = data.users()) {
            return of(users);
        }
    }

    /** Reads users, each of whom comes once; ratings without a time are given one. */
    public static RatingTable of(Stream<UserRatings> users) {
        RatingTable table = new RatingTable();
        Map<String, Integer> numbers = new HashMap<>();
        for (Iterator<UserRatings> i = users.iterator(); i.hasNext(); ) {
            UserRatings user = i.next();
            table.beginUser(user.uid());
            for (Rating rating : user.ratings()) {
                Integer number = numbers.computeIfAbsent(rating.item(), id -> {
                    table.items.add(id);
                    return table.items.size() - 1;
                });
                table.add(number, (float) rating.label(), rating.timestamp());
            }
        }
        table.beginUser("");
        table.uids.remove(table.uids.size() - 1);
        return table;
    }

    private void beginUser(String uid) {
        if (uids.size() == userStarts.length) {
            userStarts = Arrays.copyOf(userStarts, 2 * userStarts.length);
        }
        userStarts[uids.size()] = size;
        uids.add(uid);
    }

    private void add(int itemNumber, float stars, @Nullable Instant time) {
        if (size == item.length) {
            item = Arrays.copyOf(item, 2 * size);
            label = Arrays.copyOf(label, 2 * size);
            seconds = Arrays.copyOf(seconds, 2 * size);
        }
        item[size] = itemNumber;
        label[size] = stars;
        seconds[size] = (int) (time == null ? NO_TIME : time).getEpochSecond();
        size++;
    }

    /** How many ratings. */
    public int size() {
        return size;
    }

    public int users() {
        return uids.size();
    }

    /** The ids of all items, in the order of their first rating. */
    public List<String> items() {
        return List.copyOf(items);
    }

    public String uid(int user) {
        return uids.get(user);
    }

    /** The user's first row; those of the user before end there. {@code user} may be {@link #users}, for the end of all. */
    public int start(int user) {
        return userStarts[user];
    }

    /** The user whose row it is. */
    public int user(int row) {
        int found = Arrays.binarySearch(userStarts, 0, users(), row);
        return found >= 0 ? lastWithStart(found) : -found - 2;
    }

    /** Users without ratings share a start with the one after them. */
    private int lastWithStart(int user) {
        int last = user;
        while (last + 1 < users() && userStarts[last + 1] == userStarts[last]) {
            last++;
        }
        return last;
    }

    /** The rows of all users but some, user by user. */
    public int[] rowsWithout(Set<Integer> users) {
        return IntStream.range(0, users())
                .filter(user -> !users.contains(user))
                .flatMap(user -> IntStream.range(start(user), start(user + 1)))
                .toArray();
    }

    public String item(int row) {
        return items.get(item[row]);
    }

    public double label(int row) {
        return label[row];
    }

    public Instant time(int row) {
        return Instant.ofEpochSecond(seconds[row]);
    }

    /** A checksum of every rating and its place. */
    public String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int user = 0; user < users(); user++) {
                digest.update((uid(user) + "\n").getBytes(StandardCharsets.UTF_8));
                for (int row = start(user); row < start(user + 1); row++) {
                    byte[] id = item(row).getBytes(StandardCharsets.UTF_8);
                    digest.update(ByteBuffer.allocate(id.length + 9)
                            .put(id)
                            .put((byte) '\n')
                            .putFloat(label[row])
                            .putInt(seconds[row])
                            .array());
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
