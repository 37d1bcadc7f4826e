package io.velox.standalone.demo;

import java.util.SplittableRandom;

/**
 * The truth behind generated ratings: {@code μ + b_user + b_item + p·q} of known, low rank; a label is that with Gaussian noise,
 * rounded to half stars between 0.5 and 5. Immutable.
 */
final class SyntheticTruth {
    static final int RANK = 8;
    static final double NOISE_DEVIATION = 0.7;

    private static final double MEAN = 3.5;
    private static final double USER_DEVIATION = 0.4;
    private static final double ITEM_DEVIATION = 0.45;
    private static final double INTERACTION_DEVIATION = 0.5;

    /** So that p·q has the deviation wanted. */
    private static final double FACTOR_DEVIATION = Math.sqrt(INTERACTION_DEVIATION / Math.sqrt(RANK));

    private final double[] biases;
    private final double[][] factors;

    /**
     * A user.
     *
     * @param bias how much kinder than others
     * @param factors what the user likes, {@value #RANK} numbers
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Taste(double bias, double[] factors) {}

    SyntheticTruth(int items, long seed) {
        SplittableRandom random = new SplittableRandom(seed + 202);
        this.biases = new double[items];
        this.factors = new double[items][];
        for (int i = 0; i < items; i++) {
            biases[i] = ITEM_DEVIATION * random.nextGaussian();
            factors[i] = factors(random);
        }
    }

    Taste taste(SplittableRandom random) {
        return new Taste(USER_DEVIATION * random.nextGaussian(), factors(random));
    }

    double score(Taste taste, int item) {
        double score = MEAN + taste.bias() + biases[item];
        for (int k = 0; k < RANK; k++) {
            score += taste.factors()[k] * factors[item][k];
        }
        return score;
    }

    double label(Taste taste, int item, SplittableRandom random) {
        double noisy = score(taste, item) + NOISE_DEVIATION * random.nextGaussian();
        return Math.min(5, Math.max(0.5, Math.round(2 * noisy) / 2.0));
    }

    private static double[] factors(SplittableRandom random) {
        double[] factors = new double[RANK];
        for (int k = 0; k < RANK; k++) {
            factors[k] = FACTOR_DEVIATION * random.nextGaussian();
        }
        return factors;
    }
}
