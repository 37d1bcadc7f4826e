package io.velox.core.judge;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What a candidate was found to be.
 *
 * @param passed whether it may go live
 * @param checks what was compared; empty where there was nothing to compare with
 * @param reason in one sentence
 */
public record Verdict(Instant at, boolean passed, List<Check> checks, String reason) {
    /**
     * One comparison of errors (root mean squares of the loss).
     *
     * @param name {@code held-out}, {@code promise} or {@code live}
     * @param live the error of the version that answers
     * @param count the observations that both errors are of; 0 where that is not one number
     */
    public record Check(String name, double candidate, double live, long count, boolean passed) {
        public Check {
            Objects.requireNonNull(name, "name");
            if (!Double.isFinite(candidate) || !Double.isFinite(live)) {
                throw new IllegalArgumentException("errors must be finite, but are " + candidate + " and " + live);
            }
        }
    }

    public Verdict {
        Objects.requireNonNull(at, "at");
        checks = List.copyOf(checks);
    }
}
