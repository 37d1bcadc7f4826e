package io.velox.serving.lifecycle;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Training;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.ModelStore;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The changes of a catalogue entry that touch more than one of its parts. */
final class Transitions {
    private static final String UNDECLARED = "the configuration no longer declares the model";

    private Transitions() {}

    /** A new version, complete in the store; its training, if it had one, is over. */
    static CatalogueEntry published(CatalogueEntry entry, int number, Instant now) {
        String address = ModelStore.manifestAddress(new ModelVersion(entry.model(), number));
        return entry.with(new Version(number, VersionState.PUBLISHED, address, now, null, null))
                .with((@Nullable Training) null);
    }

    static CatalogueEntry failed(CatalogueEntry entry, Training training, String reason) {
        return entry.with(new Training(training.version(), training.startedAt(), training.cut(), reason));
    }

    /** The version answers; the one that did stands by, and the one that stood by retires. */
    static CatalogueEntry activated(CatalogueEntry entry, Version version, Instant now) {
        CatalogueEntry next = entry;
        Optional<Version> active = entry.active();
        if (active.isPresent()) {
            for (Version other : entry.versions()) {
                if (other.state() == VersionState.STANDBY) {
                    next = next.with(other.in(VersionState.RETIRED, null));
                }
            }
            next = next.with(active.get().in(VersionState.STANDBY, null));
        }
        return next.with(version.activeSince(now));
    }

    /** Nobody is served by the model any more; when each version last went live stays known. */
    static CatalogueEntry undeclared(CatalogueEntry entry) {
        CatalogueEntry next = entry;
        for (Version version : entry.loaded()) {
            next = next.with(version.in(VersionState.RETIRED, UNDECLARED));
        }
        Optional<Training> running = entry.currentTraining().filter(Training::isRunning);
        return running.isPresent() ? failed(next, running.get(), UNDECLARED) : next;
    }

    /** The version is refused; if it answered, the one that stood by answers again. */
    static CatalogueEntry rejected(CatalogueEntry entry, Version version, String reason, Instant now) {
        CatalogueEntry next = entry.with(version.in(VersionState.REJECTED, reason));
        Optional<Version> standby = next.standby();
        return version.state() == VersionState.ACTIVE && standby.isPresent()
                ? next.with(standby.get().activeSince(now))
                : next;
    }
}
