package io.velox.bench.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The order in which the ratings of a table are sent; the ratings of one user always in their own. */
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
