package io.velox.core.judge;

/**
 * When a live version is stale: its error over the last observations is above what its training promised by a ratio, or its loss has
 * drifted upwards since it went live.
 *
 * @param ratio of the error (root mean square) to the promised one; 0 to not look at it
 * @param observations the last ones that the error is taken over, and the fewest that tell anything
 * @param driftTolerance δ of {@link PageHinkley}
 * @param driftThreshold λ of {@link PageHinkley}; 0 to not look for drift
 */
public record StalenessRule(double ratio, int observations, double driftTolerance, double driftThreshold) {
    /** The test of one version's losses. */
    PageHinkley newDriftTest() {
        return new PageHinkley(driftTolerance, driftThreshold, observations);
    }
}
