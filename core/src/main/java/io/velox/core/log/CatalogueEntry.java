package io.velox.core.log;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
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
     * @param admission on what terms it goes or went live; entries of before there was a gate have none
     * @param watermark where its losses stood when it came into its state; null where nothing is judged by them
     * @param origin of its training; null for a version that was declared, and in older entries
     */
    public record Version(
            int version,
            VersionState state,
            String manifest,
            Instant publishedAt,
            @Nullable Instant activatedAt,
            @Nullable String reason,
            Admission admission,
            @Nullable Watermark watermark,
            @Nullable Origin origin) {
        public Version {
            if (version < 1) {
                throw new IllegalArgumentException("version must be at least 1, but got " + version);
            }
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(manifest, "manifest");
            Objects.requireNonNull(publishedAt, "publishedAt");
            admission = Objects.requireNonNullElse(admission, Admission.GATED);
        }

        /** A version that goes live as the gate says. */
        public Version(
                int version,
                VersionState state,
                String manifest,
                Instant publishedAt,
                @Nullable Instant activatedAt,
                @Nullable String reason) {
            this(version, state, manifest, publishedAt, activatedAt, reason, Admission.GATED, null, null);
        }

        /** The same version in another state, in which nothing is judged by losses of before. */
        public Version in(VersionState next, @Nullable String why) {
            return new Version(version, next, manifest, publishedAt, activatedAt, why, admission, null, origin);
        }

        /** The same version under another manifest. */
        public Version at(String address) {
            return new Version(version, state, address, publishedAt, activatedAt, reason, admission, watermark, origin);
        }

        public Version activeSince(Instant now) {
            return new Version(version, VersionState.ACTIVE, manifest, publishedAt, now, null, admission, null, origin);
        }

        public Version with(Admission terms) {
            return new Version(version, state, manifest, publishedAt, activatedAt, reason, terms, watermark, origin);
        }

        public Version with(Watermark mark) {
            return new Version(version, state, manifest, publishedAt, activatedAt, reason, admission, mark, origin);
        }

        public Version with(Origin from) {
            return new Version(version, state, manifest, publishedAt, activatedAt, reason, admission, watermark, from);
        }
    }

    /** How a version was made, and why. */
    public record Origin(TrainingKind kind, Cause cause) {
        public Origin {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(cause, "cause");
        }
    }

    /**
     * A training under way, or one that failed.
     *
     * @param version that it will publish
     * @param failure what went wrong; null while it runs
     * @param attempt 1, or more when trainings for the same cause failed before
     * @param retryAt when it is tried again; null while it runs, and when it is not
     */
    public record Training(
            int version,
            Instant startedAt,
            LogCut cut,
            @Nullable String failure,
            Origin origin,
            @JsonSetter(nulls = Nulls.AS_EMPTY) int attempt,
            @Nullable Instant retryAt) {
        private static final Origin UNKNOWN = new Origin(TrainingKind.FULL, new Cause(Cause.Trigger.REQUEST, null));

        public Training {
            Objects.requireNonNull(startedAt, "startedAt");
            Objects.requireNonNull(cut, "cut");
            origin = Objects.requireNonNullElse(origin, UNKNOWN); // older entries do not say
            attempt = Math.max(1, attempt);
        }

        /** A first attempt at a full training that somebody asked for. */
        public Training(int version, Instant startedAt, LogCut cut, @Nullable String failure) {
            this(version, startedAt, cut, failure, UNKNOWN, 1, null);
        }

        /** The same training, failed. */
        public Training failed(String reason, @Nullable Instant nextTry) {
            return new Training(version, startedAt, cut, reason, origin, attempt, nextTry);
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

    /** The newest version on its way to go live. */
    public Optional<Version> coming() {
        return versions.stream().filter(v -> v.state().isComing()).max(Comparator.comparingInt(Version::version));
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
