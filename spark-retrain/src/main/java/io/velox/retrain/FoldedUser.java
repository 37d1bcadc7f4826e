package io.velox.retrain;

import java.io.Serializable;

/**
 * A user with the ratings that count, in the order in which the items were first rated; possibly none.
 *
 * @param areNew whether each rating lies beyond what an earlier version saw of the log
 */
@SuppressWarnings("ArrayRecordComponent") // one per user, passed from stage to stage; never compared
record FoldedUser(String uid, String[] items, double[] labels, boolean[] areNew) implements Serializable {}
