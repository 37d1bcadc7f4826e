package io.velox.core.model;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One rating of one item by one user.
 *
 * @param label in the model's units (stars); at most {@link #MAX_LABEL} in size
 * @param timestamp event time, in the years 1 to 9999
 * @param id the client's own id of this observation, which makes a retry harmless; may be absent
 * @param impression the answer that showed the item to the user; may be absent
 */
public record Observation(
        String uid,
        Item item,
        double label,
        Instant timestamp,
        @Nullable String id,
        @Nullable String impression) {
    /** The largest label, by absolute value: its square and the sums of squares stay finite. */
    public static final double MAX_LABEL = 1e9;

    /** Event times are from the year 1 to the year 9999. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    public Observation {
        Identifiers.checkId("uid", uid);
        Objects.requireNonNull(item, "item");
        if (!(Math.abs(label) <= MAX_LABEL)) {
            throw invalid("label", "must be a number from -1e9 to 1e9, but got " + label);
        }
        if (timestamp.isBefore(EARLIEST) || timestamp.isAfter(LATEST)) {
            throw invalid("timestamp", "must be in the years 1 to 9999, but got " + timestamp);
        }
        if (id != null) {
            Identifiers.checkId("id", id);
        }
        if (impression != null) {
            Identifiers.checkId("impression", impression);
        }
    }

    /** An observation without the optional ids. */
    public static Observation of(String uid, Item item, double label, Instant timestamp) {
        return new Observation(uid, item, label, timestamp, null, null);
    }

    public Optional<String> clientId() {
        return Optional.ofNullable(id);
    }

    private static VeloxException invalid(String field, String message) {
        return VeloxException.ofField(ErrorCode.INVALID_REQUEST, field, field + " " + message);
    }
}
