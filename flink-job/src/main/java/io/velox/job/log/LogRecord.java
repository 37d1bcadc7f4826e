package io.velox.job.log;

import io.velox.core.log.UserRecord;
import io.velox.core.user.Revision;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record of the log of observations, with its place. Immutable.
 *
 * @param timestamp when the broker or producer wrote it, in milliseconds since 1970
 * @param content null when the bytes are no {@link UserRecord}
 * @param problem what is wrong with the bytes; empty when nothing is, also for a tombstone, which has no content either
 */
public record LogRecord(
        Revision position, long timestamp, @Nullable UserRecord content, String problem) {
    public static LogRecord of(Revision position, long timestamp, UserRecord content) {
        return new LogRecord(position, timestamp, content, "");
    }

    public static LogRecord undecodable(Revision position, long timestamp, String problem) {
        return new LogRecord(position, timestamp, null, problem);
    }

    /** A tombstone: it says nothing to the job, but its offset counts as read. */
    public static LogRecord tombstone(Revision position, long timestamp) {
        return new LogRecord(position, timestamp, null, "");
    }

    public boolean isTombstone() {
        return content == null && problem.isEmpty();
    }

    public boolean isDecoded() {
        return content != null;
    }

    /** The content of a record that {@link #isDecoded}. */
    public UserRecord decoded() {
        return Objects.requireNonNull(content, "only decoded records have content");
    }

    /** The user of a record that {@link #isDecoded}. */
    public String uid() {
        return decoded().uid();
    }
}
