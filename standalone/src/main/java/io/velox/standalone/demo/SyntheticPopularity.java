package io.velox.standalone.demo;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/** Draws films without repetition, the popular ones more often: weights {@code (rank + 0.02 n)^-1.6}, near MovieLens 10M's. */
final class SyntheticPopularity {
    private static final double EXPONENT = 1.6;
    private static final double HEAD = 0.02;

    /** Above this share of all films, drawing again and again what was drawn already costs more than a key for every film. */
    private static final double MANY = 0.1;

    private final double[] weight;
    private final double[] cumulative;

    SyntheticPopularity(int items, long seed) {
        int[] rank = new int[items];
        SplittableRandom random = new SplittableRandom(seed + 101);
        for (int i = 0; i < items; i++) {
            int j = random.nextInt(i + 1);
            rank[i] = rank[j];
            rank[j] = i;
        }
        this.weight = new double[items];
        this.cumulative = new double[items];
        double sum = 0;
        for (int i = 0; i < items; i++) {
            weight[i] = Math.pow(rank[i] + HEAD * items + 1, -EXPONENT);
            sum += weight[i];
            cumulative[i] = sum;
        }
    }

    /** Some films, {@code count} with those that are given already. */
    int[] draw(BitSet given, int count, SplittableRandom random) {
        BitSet drawn = (BitSet) given.clone();
        int[] order = Arrays.copyOf(given.stream().toArray(), count);
        int size = given.cardinality();
        if (count > MANY * weight.length) {
            return byKeys(drawn, order, size, random);
        }
        double total = cumulative[cumulative.length - 1];
        while (size < count) {
            int found = Arrays.binarySearch(cumulative, random.nextDouble() * total);
            int item = Math.min(found < 0 ? -found - 1 : found, weight.length - 1);
            if (!drawn.get(item)) {
                drawn.set(item);
                order[size++] = item;
            }
        }
        return order;
    }

    /** Efraimidis and Spirakis 2006: the smallest of exponential keys with the weights as rates. */
    private int[] byKeys(BitSet drawn, int[] order, int given, SplittableRandom random) {
        int size = given;
        double[] keys = new double[weight.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = drawn.get(i) ? Double.POSITIVE_INFINITY : -Math.log(1 - random.nextDouble()) / weight[i];
        }
        double[] sorted = keys.clone();
        Arrays.sort(sorted);
        int missing = order.length - size;
        double largest = missing == 0 ? -1 : sorted[missing - 1];
        for (int i = 0; i < keys.length && size < order.length; i++) {
            if (keys[i] <= largest) {
                order[size++] = i;
            }
        }
        return order;
    }
}
