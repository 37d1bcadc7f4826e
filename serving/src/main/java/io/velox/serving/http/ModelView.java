package io.velox.serving.http;

import io.velox.core.log.Admission;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Origin;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model of the catalogue as the API shows it.
 *
 * @param active the version that answers; null when there is none
 * @param training the one that runs, or that failed last
 */
record ModelView(
        String model,
        ModelKind kind,
        @Nullable Integer active,
        List<Version> versions,
        @Nullable Training training) {

    /** One version, without its manifest. */
    record Version(
            int version,
            VersionState state,
            Instant publishedAt,
            @Nullable Instant activatedAt,
            @Nullable String reason,
            Admission admission,
            @Nullable Origin origin) {
        static Version of(CatalogueEntry.Version v) {
            return new Version(
                    v.version(), v.state(), v.publishedAt(), v.activatedAt(), v.reason(), v.admission(), v.origin());
        }
    }

    /** A training; {@code failure} is null while it runs, {@code retryAt} when it is not tried again. */
    record Training(
            int version,
            Instant startedAt,
            Origin origin,
            int attempt,
            @Nullable String failure,
            @Nullable Instant retryAt) {
        static @Nullable Training of(Optional<CatalogueEntry.Training> training) {
            return training.isEmpty()
                    ? null
                    : new Training(
                            training.get().version(),
                            training.get().startedAt(),
                            training.get().origin(),
                            training.get().attempt(),
                            training.get().failure(),
                            training.get().retryAt());
        }
    }

    static ModelView of(CatalogueEntry entry) {
        return new ModelView(
                entry.model(),
                entry.kind(),
                entry.active().isEmpty() ? null : entry.active().get().version(),
                versions(entry),
                Training.of(entry.currentTraining()));
    }

    static List<Version> versions(CatalogueEntry entry) {
        return entry.versions().stream().map(Version::of).toList();
    }
}
