package io.velox.retrain;

import java.io.Serializable;

/**
 * A user's ratings by dense indexes; possibly none.
 *
 * @param index of the user
 * @param items indexes in the {@link ItemDictionary}
 * @param labels of the items, in the same order
 * @param areNew whether each rating lies beyond what an earlier version saw of the log
 */
@SuppressWarnings("ArrayRecordComponent") // one per user, passed from stage to stage; never compared
record UserRatings(String uid, int index, int[] items, double[] labels, boolean[] areNew) implements Serializable {
    /** Ratings of which none is new. */
    UserRatings(String uid, int index, int[] items, double[] labels) {
        this(uid, index, items, labels, new boolean[items.length]);
    }

    static UserRatings of(FoldedUser user, int index, ItemDictionary dictionary) {
        int[] items = new int[user.items().length];
        for (int i = 0; i < items.length; i++) {
            items[i] = dictionary.index(user.items()[i]);
        }
        return new UserRatings(user.uid(), index, items, user.labels(), user.areNew());
    }

    int size() {
        return items.length;
    }

    /** Those ratings for which {@code selection} says {@code selected}. */
    UserRatings where(boolean[] selection, boolean selected) {
        int n = 0;
        for (boolean is : selection) {
            n += is == selected ? 1 : 0;
        }
        int[] chosenItems = new int[n];
        double[] chosenLabels = new double[n];
        boolean[] chosenNew = new boolean[n];
        for (int i = 0, k = 0; i < items.length; i++) {
            if (selection[i] == selected) {
                chosenItems[k] = items[i];
                chosenNew[k] = areNew[i];
                chosenLabels[k++] = labels[i];
            }
        }
        return new UserRatings(uid, index, chosenItems, chosenLabels, chosenNew);
    }
}
