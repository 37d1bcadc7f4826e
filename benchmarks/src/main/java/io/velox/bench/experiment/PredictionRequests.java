package io.velox.bench.experiment;

import io.velox.core.model.Item;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ZipfDistribution;
import org.apache.commons.math3.random.Well19937c;

/**
 * Requests for the prediction of one item, users and items each by a power law, between which users learn: the same for the same seed.
 * Scattered ones may be for any item, others for a few of the user's own, as of somebody who sees the same page again. Single writer.
 */
final class PredictionRequests {
    /** Of the request's user, who has learnt since the last one, in so many requests one. */
    private static final int REQUESTS_PER_OBSERVATION = 50;

    private static final int OWN_ITEMS = 10;
    private static final double USER_EXPONENT = 0.8;
    private static final double ITEM_EXPONENT = 1;

    private final SplittableRandom random;
    private final ZipfDistribution userRanks;
    private final ZipfDistribution itemRanks;
    private final ZipfDistribution ownRanks;
    private final List<int[]> own = new ArrayList<>();
    private final boolean isScattered;
    private final List<Item> byPopularity;
    private final List<double[]> weights = new ArrayList<>();
    private final int[] revisions;
    private int user;
    private Item item;

    PredictionRequests(List<Item> items, boolean isScattered, int users, int dimension, long seed) {
        this.random = new SplittableRandom(seed);
        Well19937c generator = new Well19937c(seed);
        this.userRanks = new ZipfDistribution(generator, users, USER_EXPONENT);
        this.itemRanks = new ZipfDistribution(generator, items.size(), ITEM_EXPONENT);
        this.ownRanks = new ZipfDistribution(generator, OWN_ITEMS, ITEM_EXPONENT);
        this.isScattered = isScattered;
        this.byPopularity = new ArrayList<>(items);
        Collections.shuffle(byPopularity, new Random(seed));
        this.revisions = new int[users];
        IntStream.range(0, users).forEach(u -> {
            weights.add(weights(dimension));
            own.add(itemRanks.sample(OWN_ITEMS));
        });
        this.item = byPopularity.get(0);
    }

    private double[] weights(int dimension) {
        return random.doubles(dimension, -0.3, 0.3).toArray();
    }

    /** Goes to the next request, and lets its user learn at times. */
    void next() {
        nextOf(userRanks.sample() - 1);
        if (random.nextInt(REQUESTS_PER_OBSERVATION) == 0) {
            weights.set(user, weights(weights.get(user).length));
            revisions[user]++;
        }
    }

    /** Goes to the next request of one user, who has not learnt since the last. */
    void nextOf(int who) {
        user = who;
        int rank = isScattered ? itemRanks.sample() : own.get(who)[ownRanks.sample() - 1];
        item = byPopularity.get(rank - 1);
    }

    /** The number of the request's user. */
    int user() {
        return user;
    }

    /** How often the request's user has learnt. */
    int revision() {
        return revisions[user];
    }

    /** The request's user's, the same array until the user learns. */
    double[] weights() {
        return weights.get(user);
    }

    /** The request's item, as fresh as a parser leaves it. */
    Item item() {
        return new Item(item.kind(), new String(item.text().toCharArray()));
    }
}
