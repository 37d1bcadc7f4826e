package io.velox.client;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model as the catalogue has it.
 *
 * @param model its name
 * @param kind {@code als} or {@code linear}
 * @param training the training that runs, or the last one that failed; null when there is none
 */
public record Model(
        String model,
        @Nullable String kind,
        List<Version> versions,
        @Nullable Training training) {
    /**
     * One version of a model.
     *
     * @param state PUBLISHED, REBASING, CANDIDATE, ACTIVE, STANDBY, RETIRED, REFUSED or REJECTED
     * @param reason why it is in its state, where that needs one
     */
    public record Version(
            int version,
            String state,
            @Nullable Instant publishedAt,
            @Nullable Instant activatedAt,
            @Nullable String reason) {}

    /**
     * A training under way, or one that failed.
     *
     * @param version that it will publish
     * @param failure what went wrong; null while it runs
     * @param retryAt when it is tried again, under another number; null when it is not
     */
    public record Training(
            int version,
            @Nullable Instant startedAt,
            @Nullable String failure,
            @Nullable Instant retryAt) {}

    public Optional<Version> version(int version) {
        return versions.stream().filter(v -> v.version() == version).findFirst();
    }

    /** The version that answers. */
    @JsonIgnore
    public Optional<Version> active() {
        return versions.stream().filter(v -> v.state().equals("ACTIVE")).findFirst();
    }
}
