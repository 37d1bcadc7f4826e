package io.velox.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code predict}, all of it from one model version.
 *
 * @param revision the user's; null for a user without records
 * @param source {@code personal}, or {@code prior} if nothing of this user's is known to the version
 * @param degraded what was not as it should be; null when all was well
 * @param predictions in the order of the request
 * @param unknown items that the version does not know
 */
public record Predictions(
        String model,
        int version,
        String uid,
        @Nullable String revision,
        String source,
        @Nullable String degraded,
        List<ItemScore> predictions,
        List<JsonNode> unknown) {}
