package io.velox.core.log;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.velox.core.model.Identifiers;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The whole state of one model in the catalogue. Immutable; each change is a new entry under the same key.
 *
 * @param versions in ascending order
 * @param training the training that runs, or the last one that failed; null when there is none
 */
public record CatalogueEntry(
        String model,
        ModelKind kind,
        List<Version> versions,
        @Nullable Training training) {
    /**
     * One version.
     *
     * @param manifest the address of its manifest, relative to the store's root
     * @param activatedAt when it last went live; null if never
     * @param reason why it is in its state, where that needs one
     */
    public record Version(
            int version,
            VersionState state,
            String manifest,
            Instant publishedAt,
            @Nullable Instant activatedAt,
            @Nullable String reason) {
        public Version {
            if (version < 1) {
                throw new IllegalArgumentException("version must be at least 1, but got " + version);
            }
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(manifest, "manifest");
            Objects.requireNonNull(publishedAt, "publishedAt");
        }

        public Version in(VersionState next, @Nullable String why) {
            return new Version(version, next, manifest, publishedAt, activatedAt, why);
        }

        /** The same version under another manifest. */
        public Version at(String address) {
            return new Version(version, state, address, publishedAt, activatedAt, reason);
        }

        public Version activeSince(Instant now) {
            return new Version(version, VersionState.ACTIVE, manifest, publishedAt, now, null);
        }
    }

    /**
     * A training under way, or one that failed.
     *
     * @param version that it will publish
     * @param failure what went wrong; null while it runs
     */
    public record Training(
            int version,
            Instant startedAt,
            LogCut cut,
            @Nullable String failure) {
        public Training {
            Objects.requireNonNull(startedAt, "startedAt");
            Objects.requireNonNull(cut, "cut");
        }

        @JsonIgnore
        public boolean isRunning() {
            return failure == null;
        }
    }

    public CatalogueEntry {
        Identifiers.checkModelName("model", model);
        Objects.requireNonNull(kind, "kind");
        versions = versions.stream()
                .sorted(Comparator.comparingInt(Version::version))
                .toList();
        if (versions.stream().filter(v -> v.state() == VersionState.ACTIVE).count() > 1) {
            throw new IllegalArgumentException("model " + model + " must have one active version at most");
        }
        if (versions.stream().map(Version::version).distinct().count() < versions.size()) {
            throw new IllegalArgumentException("model " + model + " must have each version once");
        }
    }

    public static CatalogueEntry of(String model, ModelKind kind) {
        return new CatalogueEntry(model, kind, List.of(), null);
    }

    public Optional<Version> version(int version) {
        return versions.stream().filter(v -> v.version() == version).findFirst();
    }

    /** The version that answers. */
    public Optional<Version> active() {
        return inState(VersionState.ACTIVE);
    }

    /** The version that answered before, still learning. */
    public Optional<Version> standby() {
        return inState(VersionState.STANDBY);
    }

    /** Of the versions that are in the store only, the one that went live last. */
    public Optional<Version> lastActive() {
        return versions.stream()
                .filter(v -> v.state() == VersionState.RETIRED && v.activatedAt() != null)
                .max(Comparator.comparing(v -> Objects.requireNonNull(v.activatedAt())));
    }

    public List<Version> loaded() {
        return versions.stream().filter(v -> v.state().isLoaded()).toList();
    }

    public Optional<Training> currentTraining() {
        return Optional.ofNullable(training);
    }

    public ModelVersion id(Version version) {
        return new ModelVersion(model, version.version());
    }

    /** This entry with one version added or replaced. */
    public CatalogueEntry with(Version changed) {
        List<Version> next = new ArrayList<>(versions);
        next.removeIf(v -> v.version() == changed.version());
        next.add(changed);
        return new CatalogueEntry(model, kind, next, training);
    }

    public CatalogueEntry with(@Nullable Training next) {
        return new CatalogueEntry(model, kind, versions, next);
    }

    private Optional<Version> inState(VersionState state) {
        return versions.stream().filter(v -> v.state() == state).findFirst();
    }
}
