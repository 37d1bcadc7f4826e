package io.velox.bench.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.velox.bench.data.RatingTable;
import io.velox.bench.load.Call;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Users who rate what they have rated before, each item once in a random order and then again, as they did; from {@link #drift} on, a
 * third of the items, the least liked as the best. Requests are made by one thread.
 */
final class DriftTraffic {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ONE_IN = 3;

    private final RatingTable ratings;
    private final int batch;
    private final int[] order;
    private final Set<String> turning = new HashSet<>();
    private final double sumOfEnds;
    private final AtomicLong made = new AtomicLong();
    private volatile boolean isDrifted;

    /** @param batch observations in each request */
    DriftTraffic(RatingTable ratings, int batch, long seed) {
        this.ratings = ratings;
        this.batch = batch;
        this.order = new int[ratings.size()];
        SplittableRandom random = new SplittableRandom(seed);
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int row = 0; row < order.length; row++) {
            int place = random.nextInt(row + 1); // a shuffle from the inside
            order[row] = order[place];
            order[place] = row;
            least = Math.min(least, ratings.label(row));
            most = Math.max(most, ratings.label(row));
        }
        this.sumOfEnds = least + most;
        for (String item : ratings.items()) {
            if (random.nextInt(ONE_IN) == 0) {
                turning.add(item);
            }
        }
    }

    /** The next few observations. */
    Call next() {
        ArrayNode body = JSON.createArrayNode();
        long first = made.getAndAdd(batch);
        for (int i = 0; i < batch; i++) {
            int row = order[(int) ((first + i) % order.length)];
            body.addObject()
                    .put("uid", ratings.uid(ratings.user(row)))
                    .put("item", ratings.item(row))
                    .put("label", label(row));
        }
        return new Call("/v1/observe", body);
    }

    double label(int row) {
        double label = ratings.label(row);
        return isDrifted && turning.contains(ratings.item(row)) ? sumOfEnds - label : label;
    }

    /** From now on tastes are others. */
    void drift() {
        isDrifted = true;
    }

    /** How many observations have been made. */
    long made() {
        return made.get();
    }
}
