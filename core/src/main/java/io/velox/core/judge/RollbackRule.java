package io.velox.core.judge;

import io.velox.core.learn.PairedLoss;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a version that went live is to be taken back: if, within a window, its error on live traffic is above the previous
 * version's, which learns on beside it, by more than a threshold.
 *
 * @param threshold a share of the previous version's error (root mean square)
 * @param observations how many observations both must have scored since
 * @param window how long after going live a version is watched
 */
public record RollbackRule(double threshold, int observations, Duration window) {
    /** It is looked at again and again, so that only what chance hardly ever shows counts. */
    private static final double DEVIATIONS = 3;

    /**
     * Why it is to be taken back; empty if it is not.
     *
     * @param paired since it went live: the previous version's losses first
     * @param live since when it has been live
     */
    public Optional<String> judge(PairedLoss paired, Duration live) {
        boolean isWorse = live.compareTo(window) <= 0
                && paired.count() >= observations
                && Worse.byMoreThan(threshold, paired, DEVIATIONS);
        return isWorse
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "rolled back: its error on %d live observations was %.4f, the previous version's %.4f",
                        paired.count(),
                        Math.sqrt(paired.meanSecond()),
                        Math.sqrt(paired.meanFirst())))
                : Optional.empty();
    }
}
