package io.velox.bench.data;

import java.util.SplittableRandom;

/**
 * A table split into the last ratings of each user, in rounds in which each user has one, and everything before them.
 *
 * @param rounds how many ratings of each user are kept back; nobody may have fewer
 */
public record LastRounds(RatingTable table, int rounds) {
    public LastRounds {
        for (int user = 0; user < table.users(); user++) {
            int count = table.start(user + 1) - table.start(user);
            if (count < rounds) {
                throw new IllegalArgumentException("rounds must be at most the ratings of each user, but is " + rounds
                        + ", and user " + table.uid(user) + " has " + count);
            }
        }
    }

    /** The rows before the rounds, user by user. */
    public int[] before() {
        int[] rows = new int[table.size() - rounds * table.users()];
        int size = 0;
        for (int user = 0; user < table.users(); user++) {
            for (int row = table.start(user); row < table.start(user + 1) - rounds; row++) {
                rows[size++] = row;
            }
        }
        return rows;
    }

    /** The rows of some consecutive rounds, one round after the other, each in a random order of users. */
    public int[] rows(int firstRound, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed + firstRound);
        int[] all = new int[count * table.users()];
        for (int round = 0; round < count; round++) {
            int[] rows = new int[table.users()];
            for (int user = 0; user < rows.length; user++) {
                rows[user] = table.start(user + 1) - rounds + firstRound + round;
            }
            SendingOrder.shuffle(rows, random);
            System.arraycopy(rows, 0, all, round * rows.length, rows.length);
        }
        return all;
    }
}
