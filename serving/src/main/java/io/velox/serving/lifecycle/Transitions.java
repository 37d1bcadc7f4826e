package io.velox.serving.lifecycle;

import io.velox.core.log.Admission;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Training;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.VersionState;
import io.velox.core.log.Watermark;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.ModelStore;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The changes of a catalogue entry that touch more than one of its parts. */
final class Transitions {
    private static final String UNDECLARED = "the configuration no longer declares the model";

    private Transitions() {}

    /** A new version that was declared, complete in the store. */
    static CatalogueEntry declared(CatalogueEntry entry, int number, Instant now) {
        return entry.with(published(entry, number, now)).with((@Nullable Training) null);
    }

    /** A new version, complete in the store; its training is over. */
    static CatalogueEntry published(CatalogueEntry entry, Training training, Instant now) {
        return entry.with(published(entry, training.version(), now).with(training.origin()))
                .with((@Nullable Training) null);
    }

    private static Version published(CatalogueEntry entry, int number, Instant now) {
        String address = ModelStore.manifestAddress(new ModelVersion(entry.model(), number));
        return new Version(number, VersionState.PUBLISHED, address, now, null, null);
    }

    /**
     * The version answers; the one that did stands by, and the one that stood by retires.
     *
     * @param mark where the version's losses stand now; one that goes live because a person asked for it is not compared further
     */
    static CatalogueEntry activated(CatalogueEntry entry, Version version, Instant now, Watermark mark) {
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
        Watermark own = version.admission() == Admission.REQUESTED ? mark.alone() : mark;
        return next.with(version.activeSince(now).with(own));
    }

    /**
     * The version that answers is refused, and the one that stands by answers again.
     *
     * @param mark where the losses of the one that answers again stand now
     */
    static CatalogueEntry takenBack(
            CatalogueEntry entry, Version active, Version standby, String reason, Instant now, Watermark mark) {
        return entry.with(active.in(VersionState.REFUSED, reason))
                .with(standby.activeSince(now).with(mark.alone()));
    }

    /** Nobody is served by the model any more; when each version last went live stays known. */
    static CatalogueEntry undeclared(CatalogueEntry entry) {
        CatalogueEntry next = entry;
        for (Version version : entry.loaded()) {
            next = next.with(version.in(VersionState.RETIRED, UNDECLARED));
        }
        Optional<Training> running = entry.currentTraining().filter(Training::isRunning);
        return running.isPresent() ? next.with(running.get().failed(UNDECLARED, null)) : next;
    }

    /** The version is refused; if it answered, the one that stood by answers again, from where {@code marks} says it stands. */
    static CatalogueEntry rejected(
            CatalogueEntry entry, Version version, String reason, Instant now, Function<Version, Watermark> marks) {
        CatalogueEntry next = entry.with(version.in(VersionState.REJECTED, reason));
        Optional<Version> standby = next.standby();
        return version.state() == VersionState.ACTIVE && standby.isPresent()
                ? next.with(standby.get()
                        .activeSince(now)
                        .with(marks.apply(standby.get()).alone()))
                : next;
    }
}
