package io.velox.core.store;

import io.velox.core.judge.Verdict;
import io.velox.core.log.CatalogueEntry.Origin;
import io.velox.core.log.LogCut;
import io.velox.core.model.ModelVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What happened to one version from the beginning of its training on, in the order of time. Immutable. */
public record VersionHistory(String model, int version, List<Event> events) {
    /** The kinds of events. */
    public enum What {
        TRAINING,
        TRAINING_FAILED,
        PUBLISHED,
        /** Loaded by every subtask of the job and every serving node. */
        LOADED,
        /** Every user's weights are computed. */
        REBASED,
        JUDGED,
        LIVE,
        /** Another version answers. */
        REPLACED,
        ROLLED_BACK,
        REFUSED,
        REJECTED,
        RETIRED
    }

    /**
     * One event.
     *
     * @param detail why, or how
     * @param origin of a training
     * @param cut the part of the log that a training sees
     * @param verdict of a judgement
     */
    public record Event(
            Instant at,
            What what,
            @Nullable String detail,
            @Nullable Origin origin,
            @Nullable LogCut cut,
            @Nullable Verdict verdict) {
        public Event {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(what, "what");
        }

        /** An event of which there is nothing more to say. */
        public Event(Instant at, What what, @Nullable String detail) {
            this(at, what, detail, null, null, null);
        }
    }

    public VersionHistory {
        var unused = new ModelVersion(model, version); // checks both
        events = List.copyOf(events);
    }

    /** This history with one event more. */
    public VersionHistory plus(Event event) {
        List<Event> more = new ArrayList<>(events);
        more.add(event);
        return new VersionHistory(model, version, more);
    }
}
