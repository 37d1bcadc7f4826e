package io.velox.bench.coldstart;

import io.velox.bench.data.RatingTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Users of a table whom a training does not see, drawn at random: as many to choose by as to judge by.
 *
 * @param validating their numbers in the table
 * @param judged the same, of others
 */
public record HiddenUsers(List<Integer> validating, List<Integer> judged) {
    public HiddenUsers {
        validating = List.copyOf(validating);
        judged = List.copyOf(judged);
    }

    /**
     * Draws.
     *
     * @param share of the users for each of the two, more than 0 and less than a half
     * @throws IllegalArgumentException if that leaves nobody in one of them
     */
    public static HiddenUsers draw(RatingTable table, double share, long seed) {
        int each = (int) Math.round(share * table.users());
        if (each < 1 || 2 * each >= table.users()) {
            throw new IllegalArgumentException("share must leave users to hide and to train with, but is " + share
                    + " of " + table.users() + " users");
        }
        List<Integer> users =
                new ArrayList<>(IntStream.range(0, table.users()).boxed().toList());
        Collections.shuffle(users, new Random(seed));
        return new HiddenUsers(users.subList(0, each), users.subList(each, 2 * each));
    }

    /** All of them. */
    public Set<Integer> all() {
        Set<Integer> all = new HashSet<>(validating);
        all.addAll(judged);
        return all;
    }
}
