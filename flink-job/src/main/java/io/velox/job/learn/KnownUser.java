package io.velox.job.learn;

import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;

/** One user as of the last record: the model, and what the history has in it. Single writer. */
final class KnownUser implements CachedUser {
    private static final int FIXED_BYTES = 250;
    private static final int VERSION_BYTES = 160;

    private final SeenHashes seen;
    private UserModel model;

    KnownUser(UserModel model, SeenHashes seen) {
        this.model = model;
        this.seen = seen;
    }

    UserModel model() {
        return model;
    }

    SeenHashes seen() {
        return seen;
    }

    void moveTo(UserModel next) {
        model = next;
    }

    @Override
    public Revision revision() {
        return model.revision();
    }

    @Override
    public int sizeBytes() {
        int bytes = FIXED_BYTES + 2 * model.uid().length() + seen.sizeBytes();
        for (UserWeights weights : model.weights()) {
            bytes += VERSION_BYTES + Double.BYTES * weights.weights().length;
        }
        return bytes;
    }
}
