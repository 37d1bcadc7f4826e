package io.velox.standalone.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Which rating serves for what: seeded and per user, a tenth is for tests and seen by nothing; half of the rest is imported before
 * training; the other half is observed live.
 */
record Split(long seed) {
    private static final Comparator<Rating> BY_TIME =
            Comparator.comparing(Rating::timestamp, Comparator.nullsFirst(Comparator.naturalOrder()));

    /** One user's ratings in three parts, each in the order of time. */
    record Parts(String uid, List<Rating> test, List<Rating> imported, List<Rating> live) {}

    Parts of(UserRatings user) {
        List<Rating> shuffled = new ArrayList<>(user.ratings());
        Collections.shuffle(
                shuffled, new Random(seed * 0x9E3779B97F4A7C15L + user.uid().hashCode()));
        int test = (int) Math.round(shuffled.size() / 10.0);
        int imported = test + (shuffled.size() - test + 1) / 2;
        return new Parts(
                user.uid(),
                inOrder(shuffled.subList(0, test)),
                inOrder(shuffled.subList(test, imported)),
                inOrder(shuffled.subList(imported, shuffled.size())));
    }

    private static List<Rating> inOrder(List<Rating> ratings) {
        return ratings.stream().sorted(BY_TIME).toList();
    }
}
