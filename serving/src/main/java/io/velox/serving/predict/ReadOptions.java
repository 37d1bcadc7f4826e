package io.velox.serving.predict;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import java.time.Duration;
import java.util.Optional;

/**
 * How fresh a read must be.
 *
 * @param after a receipt that the answer must reflect
 * @param timeout how long to wait for that
 */
public record ReadOptions(Optional<Revision> after, Duration timeout) {
    /** Refuses a user model that does not reflect the receipt: {@code RECEIPT_TIMEOUT}, or {@code INVALID_RECEIPT} for another partition's. */
    void check(Optional<UserModel> user) {
        if (after.isPresent()
                && !user.map(u -> u.revision().hasReached(after.get())).orElse(false)) {
            throw VeloxException.ofField(
                    ErrorCode.RECEIPT_TIMEOUT,
                    "after",
                    "the receipt " + after.get() + " is not applied yet; try again, or with a longer timeoutMs");
        }
    }
}
