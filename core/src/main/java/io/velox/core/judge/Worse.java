package io.velox.core.judge;

import io.velox.core.learn.PairedLoss;

/** When one version's error is worse than another's by more than a tolerance, and not by chance. */
final class Worse {
    private Worse() {}

    /** Whether an error (root mean square) is above another by more than the tolerance, a share of it. */
    static boolean byMoreThan(double tolerance, double error, double reference) {
        return error > reference * (1 + tolerance);
    }

    /**
     * Whether the second version's error is above the first's by more than the tolerance, and its mean loss above the first's by
     * {@code deviations} standard errors of the difference.
     */
    static boolean byMoreThan(double tolerance, PairedLoss paired, double deviations) {
        double difference = paired.meanSecond() - paired.meanFirst();
        return byMoreThan(tolerance, Math.sqrt(paired.meanSecond()), Math.sqrt(paired.meanFirst()))
                && difference > deviations * paired.standardError();
    }
}
