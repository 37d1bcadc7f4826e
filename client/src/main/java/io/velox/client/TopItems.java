package io.velox.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code topk}, all of it from one model version.
 *
 * @param revision the user's; null for a user without records
 * @param source {@code personal}, or {@code prior} if nothing of this user's is known to the version
 * @param degraded what was not as it should be; null when all was well
 * @param items best first
 */
public record TopItems(
        String model,
        int version,
        String uid,
        @Nullable String revision,
        String source,
        @Nullable String degraded,
        List<ItemScore> items) {}
