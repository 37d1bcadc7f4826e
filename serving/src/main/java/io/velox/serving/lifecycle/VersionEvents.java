package io.velox.serving.lifecycle;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Training;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.VersionHistory.Event;
import io.velox.core.store.VersionHistory.What;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a change of a catalogue entry means for the histories of its versions. */
final class VersionEvents {
    private VersionEvents() {}

    /** One event of one version. */
    record VersionEvent(ModelVersion version, Event event) {}

    /** What happened between two entries of one model. */
    static List<VersionEvent> between(CatalogueEntry before, CatalogueEntry after, Instant now) {
        List<VersionEvent> events = new ArrayList<>();
        ofTraining(before.training(), after.training(), now)
                .ifPresent(event -> events.add(new VersionEvent(trained(after), event)));
        for (Version version : after.versions()) {
            VersionState was =
                    before.version(version.version()).map(Version::state).orElse(null);
            if (was != version.state()) {
                events.add(new VersionEvent(after.id(version), ofState(was, version, now)));
            }
        }
        return events;
    }

    private static ModelVersion trained(CatalogueEntry entry) {
        return new ModelVersion(
                entry.model(), entry.currentTraining().orElseThrow().version());
    }

    private static Optional<Event> ofTraining(@Nullable Training before, @Nullable Training after, Instant now) {
        if (after == null || after.equals(before)) {
            return Optional.empty();
        }
        return Optional.of(
                after.isRunning()
                        ? new Event(now, What.TRAINING, "attempt " + after.attempt(), after.origin(), after.cut(), null)
                        : new Event(now, What.TRAINING_FAILED, after.failure()));
    }

    private static Event ofState(@Nullable VersionState was, Version version, Instant now) {
        String reason = version.reason();
        return switch (version.state()) {
            case PUBLISHED ->
                new Event(
                        now,
                        What.PUBLISHED,
                        was == null ? reason : "again; it was " + was,
                        version.origin(),
                        null,
                        null);
            case REBASING -> new Event(now, What.LOADED, reason);
            case CANDIDATE -> new Event(now, What.REBASED, reason);
            case ACTIVE ->
                new Event(now, What.LIVE, reason == null ? version.admission().name() : reason);
            case STANDBY -> new Event(now, What.REPLACED, reason);
            case REFUSED -> new Event(now, was == VersionState.ACTIVE ? What.ROLLED_BACK : What.REFUSED, reason);
            case REJECTED -> new Event(now, What.REJECTED, reason);
            case RETIRED -> new Event(now, What.RETIRED, reason);
        };
    }
}
