package io.velox.client.ratings;

import java.util.function.ToIntFunction;

/** Where the cells of an observation are in a line, from 0; -1 for one that is not there. */
record Places(int uid, int item, int label, int timestamp, int id) {
    static final int NONE = -1;

    static Places of(ToIntFunction<RatingField> place) {
        return new Places(
                place.applyAsInt(RatingField.UID),
                place.applyAsInt(RatingField.ITEM),
                place.applyAsInt(RatingField.LABEL),
                place.applyAsInt(RatingField.TIMESTAMP),
                place.applyAsInt(RatingField.ID));
    }

    /** User, item, rating and, if there are as many columns, time. */
    static Places inOrder(int columns) {
        return new Places(0, 1, 2, columns > 3 ? 3 : NONE, NONE);
    }

    /** Whether what every observation has is there. */
    boolean areComplete() {
        return uid != NONE && item != NONE && label != NONE;
    }

    int last() {
        return Math.max(Math.max(Math.max(uid, item), Math.max(label, timestamp)), id);
    }
}
