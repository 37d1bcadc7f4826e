package io.velox.serving.log;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.user.Revision;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * Which partition of the log a user's records are in: Kafka's default partitioner over the UTF-8 bytes of the user's id.
 *
 * @param epoch of the observations topic
 * @param partitions of the observations topic
 */
public record UserPartitions(int epoch, int partitions) {
    public int of(String uid) {
        return Utils.toPositive(Utils.murmur2(uid.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    /**
     * Checks that a receipt can be one of this user's.
     *
     * @throws VeloxException {@code INVALID_RECEIPT}
     */
    public void checkReceipt(String uid, Revision receipt) {
        if (receipt.epoch() != epoch) {
            throw invalid("after must be a receipt of epoch " + epoch + ", but " + receipt + " is of epoch "
                    + receipt.epoch() + ": the log was rebuilt since");
        }
        if (receipt.partition() != of(uid)) {
            throw invalid("after must be a receipt of an observation by this user, whose records are in partition "
                    + of(uid) + ", but " + receipt + " is in partition " + receipt.partition());
        }
    }

    private static VeloxException invalid(String message) {
        return VeloxException.ofField(ErrorCode.INVALID_RECEIPT, "after", message);
    }
}
