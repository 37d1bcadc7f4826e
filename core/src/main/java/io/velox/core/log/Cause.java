package io.velox.core.log;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What started a training.
 *
 * @param detail who asked, or which figures spoke for it
 */
public record Cause(Trigger trigger, @Nullable String detail) {
    /** The kinds of causes. */
    public enum Trigger {
        /** A call of the API. */
        REQUEST,
        /** The time that the configuration sets between trainings. */
        SCHEDULE,
        /** The live version's loss is above what its training promised. */
        STALE,
        /** The live version's loss has changed for the worse. */
        DRIFT,
        /** So many observations have come since the last training. */
        OBSERVATIONS,
        /** So many observations of items have come that the live version does not know. */
        NEW_ITEMS
    }

    public Cause {
        Objects.requireNonNull(trigger, "trigger");
    }

    /** A call of the API. */
    public static Cause request(String by) {
        return new Cause(Trigger.REQUEST, by);
    }

    @Override
    public String toString() {
        return detail == null ? trigger.name() : trigger + ": " + detail;
    }
}
