package io.velox.retrain;

import java.io.Serializable;

/**
 * How the noise σ² is chosen: of some candidates, the one with the least error on held-out ratings; where there are fewer than
 * {@value #MIN_HELD_OUT} of these, half of the labels' variance.
 *
 * <p>A polish has estimated it already, for users that it does not know. Those that it knows have taught the items themselves, so that
 * their ratings say less than they seem to: up to twice that noise suits them better.
 *
 * @param origin {@code held-out}, {@code default}, {@code polish} or, where a refresh keeps that of the version before it, {@code live}
 */
record NoiseChoice(double noise, String origin) implements Serializable {
    static final int MIN_HELD_OUT = 20;

    /** Ratings of a sample of users that are enough to choose by, so that the choice costs less than the factorisation. */
    static final double ENOUGH_RATINGS = 2e6;

    private static final int CANDIDATES = 16;
    private static final int POLISHED_CANDIDATES = 5;
    private static final double LEAST_SHARE = 0.03;
    private static final double LARGEST_SHARE = 6;

    /** Equal steps of the logarithm about the mean square error of a prediction that knows nothing of the user. */
    static double[] candidates(double priorMeanSquareError) {
        double scale = Math.max(PriorEstimate.MIN_VARIANCE, priorMeanSquareError);
        double[] noises = new double[CANDIDATES];
        for (int k = 0; k < CANDIDATES; k++) {
            noises[k] = scale * LEAST_SHARE * Math.pow(LARGEST_SHARE / LEAST_SHARE, k / (CANDIDATES - 1.0));
        }
        return noises;
    }

    /** From the noise that a polish estimated to twice that. */
    static double[] candidatesAbove(double polished) {
        double[] noises = new double[POLISHED_CANDIDATES];
        for (int k = 0; k < noises.length; k++) {
            noises[k] = polished * Math.pow(2, k / (noises.length - 1.0));
        }
        return noises;
    }

    static NoiseChoice ofHeldOut(HeldOutErrors errors) {
        return new NoiseChoice(errors.bestNoise(), "held-out");
    }

    static NoiseChoice ofPolish(double noise) {
        return new NoiseChoice(noise, "polish");
    }

    static NoiseChoice ofLive(double noise) {
        return new NoiseChoice(noise, "live");
    }

    /** Whether it holds for a training on everything too. */
    boolean isSettled() {
        return origin.equals("held-out") || origin.equals("live");
    }

    static NoiseChoice byDefault(double labelVariance) {
        return new NoiseChoice(Math.max(PriorEstimate.MIN_VARIANCE, labelVariance / 2), "default");
    }
}
