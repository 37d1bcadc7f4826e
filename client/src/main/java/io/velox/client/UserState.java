package io.velox.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Velox knows of a user.
 *
 * @param revision the last record applied; null for a user without records
 * @param models by name
 * @param history in the order of the log: one entry per item, or all where some model accumulates them
 */
public record UserState(String uid, @Nullable String revision, Map<String, Weights> models, List<Entry> history) {
    /**
     * The user in one version of a model.
     *
     * @param weights d numbers, owned by this record
     * @param observations that the version has learnt from
     */
    @SuppressWarnings("ArrayRecordComponent") // a plain picture of the answer, compared by nobody
    public record Weights(
            int version,
            double[] weights,
            long observations,
            @Nullable Loss loss) {}

    /** Progressive-validation loss. */
    public record Loss(double mean, long count) {}

    /**
     * One observation.
     *
     * @param superseded whether a later observation of the same item follows it
     */
    public record Entry(
            JsonNode item, double label, @Nullable Instant timestamp, boolean superseded) {}
}
