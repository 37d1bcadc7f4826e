package io.velox.bench.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The order in which the ratings of a table are sent; the ratings of one user in their own, unless their times say otherwise. */
public enum SendingOrder {
    /** As if all users were active all the time: the next rating is of a user drawn at random, by how many are left. */
    INTERLEAVED {
        @Override
        public int[] rows(RatingTable table, long seed) {
            int[] users = new int[table.size()];
            int[] next = new int[table.users()];
            for (int user = 0; user < table.users(); user++) {
                next[user] = table.start(user);
                Arrays.fill(users, table.start(user), table.start(user + 1), user);
            }
            shuffle(users, new SplittableRandom(seed));
            for (int i = 0; i < users.length; i++) {
                users[i] = next[users[i]]++;
            }
            return users;
        }
    },
    /** One user after the other, as rating files often are. */
    USER_BY_USER {
        @Override
        public int[] rows(RatingTable table, long seed) {
            int[] rows = new int[table.size()];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = i;
            }
            return rows;
        }
    },
    /** As they were given: by their times, and of one user in the user's own order where times are equal. */
    BY_TIME {
        @Override
        public int[] rows(RatingTable table, long seed) {
            return IntStream.range(0, table.size())
                    .boxed()
                    .sorted(Comparator.comparing(table::time))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
    };

    /** The rows of a table in this order. */
    public abstract int[] rows(RatingTable table, long seed);

    static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int moved = values[i];
            values[i] = values[j];
            values[j] = moved;
        }
    }
}
