package io.velox.core.log;

import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a version's totals stood when it came into its state: what counts for it, and against it, is what came after.
 *
 * @param against the version that it is compared with; null if there is none
 * @param loss the version's own
 * @param paired of {@code against} first, and of the version second
 * @param unknown observations of items that the version does not know; 0 in older records
 */
public record Watermark(@Nullable Integer against, LossMoments loss, PairedLoss paired, Long unknown) {
    public Watermark {
        Objects.requireNonNull(loss, "loss");
        Objects.requireNonNull(paired, "paired");
        unknown = Objects.requireNonNullElse(unknown, 0L);
    }

    /** The same of a version that is compared with none. */
    public Watermark alone() {
        return new Watermark(null, loss, PairedLoss.NONE, unknown);
    }
}
