package io.velox.retrain;

import java.io.Serializable;

/**
 * Which ratings are held out: a rating's place is decided by a seeded hash of user id and item id, so that it is the same on every
 * machine, in every order, and for every version trained with the seed. A user's ratings are never all held out.
 */
record HeldOutSplit(double share, long seed) implements Serializable {
    /** A user's ratings in two. */
    record Parts(UserRatings training, UserRatings heldOut) implements Serializable {
        /** The same, judged only by ratings that are new. */
        Parts ofNew() {
            return new Parts(training, heldOut.where(heldOut.areNew(), true));
        }

        static Parts allTraining(UserRatings user) {
            return new Parts(user, user.where(new boolean[user.size()], true));
        }
    }

    Parts split(UserRatings user, ItemDictionary dictionary) {
        boolean[] isHeldOut = new boolean[user.size()];
        int last = -1;
        double lastPlace = -1;
        boolean isAnyKept = false;
        for (int i = 0; i < isHeldOut.length; i++) {
            double place = place(user.uid(), dictionary.id(user.items()[i]));
            isHeldOut[i] = place < share;
            isAnyKept |= !isHeldOut[i];
            if (place > lastPlace) {
                lastPlace = place;
                last = i;
            }
        }
        if (!isAnyKept && last >= 0) {
            isHeldOut[last] = false;
        }
        return new Parts(user.where(isHeldOut, false), user.where(isHeldOut, true));
    }

    /** Whether a user belongs to a sample of the given share; independent of what is held out. */
    boolean isSampled(String uid, double sampleShare) {
        return place(uid, "") < sampleShare;
    }

    /** Uniform in [0, 1). */
    private double place(String uid, String item) {
        return (mix(hash(item, mix(hash(uid, mix(seed))))) >>> 11) * 0x1p-53;
    }

    /** FNV-1a over the UTF-16 units. */
    private static long hash(String text, long start) {
        long h = start ^ 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * 0x100000001b3L;
        }
        return h;
    }

    /** The finalizer of SplitMix64. */
    private static long mix(long h) {
        long z = h + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
