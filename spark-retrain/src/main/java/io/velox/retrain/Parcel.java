package io.velox.retrain;

import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one partition sends another: a vector for each of some items, or statistics.
 *
 * @param items indexes, ascending
 * @param values one for each of the items
 */
@SuppressWarnings("ArrayRecordComponent") // passed from stage to stage; never compared
record Parcel(int[] items, double[][] values, @Nullable SideStatistics statistics) implements Serializable {
    static Parcel of(SideStatistics statistics) {
        return new Parcel(new int[0], new double[0][], statistics);
    }

    static Parcel of(int[] items, double[][] values) {
        return new Parcel(items, values, null);
    }

    /** Those items of a range that have a vector. */
    static Parcel ofPresent(double[][] byItem, int from, int to) {
        int[] items =
                IntStream.range(from, to).filter(item -> byItem[item] != null).toArray();
        return of(items, Arrays.stream(items).mapToObj(item -> byItem[item]).toArray(double[][]::new));
    }
}
