package io.velox.serving.predict;

import io.velox.core.model.Impression.Policy;

/**
 * How an item came to be in a list.
 *
 * @param policy that chose it
 * @param isExplored whether it is there because little is known of it, and not as one of the best by score
 * @param propensity how likely the policy was to choose it, above 0 and at most 1
 */
public record Exposure(Policy policy, boolean isExplored, double propensity) {
    public Exposure {
        if (!(propensity > 0 && propensity <= 1)) {
            throw new IllegalArgumentException("propensity must be above 0 and at most 1, but got " + propensity);
        }
    }
}
