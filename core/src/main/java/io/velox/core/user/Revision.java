package io.velox.core.user;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in the log of observations: as a <em>receipt</em>, where an observation went; as a user's <em>revision</em>, the last
 * record applied. All records of a user are in one partition, so a receipt is satisfied as soon as revision ≥ receipt.
 *
 * <p>Written {@code epoch:partition:offset}; the epoch changes when the topic is rebuilt with another number of partitions.
 */
public record Revision(int epoch, int partition, long offset) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}):(\\d{1,9}):(\\d{1,18})");

    public Revision {
        if (epoch < 0 || partition < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "revision must not be negative, but got " + epoch + ":" + partition + ":" + offset);
        }
    }

    /**
     * Reads {@code epoch:partition:offset}.
     *
     * @throws VeloxException {@code INVALID_RECEIPT}
     */
    @JsonCreator
    public static Revision parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw VeloxException.ofField(
                    ErrorCode.INVALID_RECEIPT,
                    "after",
                    "after must be a receipt as observe returns it (epoch:partition:offset), but got '"
                            + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "'");
        }
        return new Revision(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Long.parseLong(matcher.group(3)));
    }

    public boolean isInPartitionOf(Revision other) {
        return epoch == other.epoch && partition == other.partition;
    }

    /**
     * Whether whoever is at this revision has applied {@code receipt}.
     *
     * @throws VeloxException {@code INVALID_RECEIPT} if the two are positions in different partitions and cannot be compared
     */
    public boolean hasReached(Revision receipt) {
        if (!isInPartitionOf(receipt)) {
            throw VeloxException.ofField(
                    ErrorCode.INVALID_RECEIPT,
                    "after",
                    "after must be a receipt of an observation by this user, but " + receipt
                            + " lies in another partition than the user's revision " + this);
        }
        return offset >= receipt.offset;
    }

    @JsonValue
    @Override
    public String toString() {
        return epoch + ":" + partition + ":" + offset;
    }
}
