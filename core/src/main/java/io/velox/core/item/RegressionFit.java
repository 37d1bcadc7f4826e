package io.velox.core.item;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.Prior;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A {@link FactorRegression} from the items of a training, and how good it is for items that it was not fitted to.
 *
 * <p>Ridge regression of all d outputs at once, {@code (XᵀWX + λI) B = XᵀWY} with the intercept unpenalised, where each item weighs as
 * much as it has ratings: so the error that is made small is that of a rating, and an item of few ratings, whose vector is hardly more
 * than its prior, counts for little. λ is the best of some for {@link HeldOutItems}.
 *
 * @param penalty λ, for weights of 1 on average
 * @param explained by which share the metadata lower the mean square error that held-out items' vectors add to a rating's prediction;
 *     not above 0 where they say nothing
 */
public record RegressionFit(FactorRegression regression, double penalty, double explained) {
    /** Fewer items are not worth a regression. */
    public static final int MIN_ITEMS = 20;

    private static final int PENALTIES = 10;
    private static final double LEAST_PENALTY = 0.3;
    private static final double LARGEST_PENALTY = 10_000;

    /** Added to the variances of a covariance, as a share of their mean and at least, so that it can be inverted. */
    private static final double RELATIVE_FLOOR = 1e-6;

    private static final double FLOOR = 1e-8;

    /**
     * Fits, in O(n·k² + p³) for n items of k inputs that are not 0, of p in all.
     *
     * @param items in an order that is the same each time
     * @param users the distribution of their weights, of the dimension of the items' vectors
     * @param seed of the choice of held-out items
     * @return empty for fewer than {@value #MIN_ITEMS} items
     */
    public static Optional<RegressionFit> of(List<TrainedItem> items, Prior users, long seed) {
        if (items.size() < MIN_ITEMS) {
            return Optional.empty();
        }
        MetadataVocabulary vocabulary =
                MetadataVocabulary.of(items.stream().map(TrainedItem::metadata).toList());
        HeldOutItems heldOut = new HeldOutItems(items, vocabulary, users.dimension(), seed);
        double[] userMoments = ItemGuess.userMoments(users);
        double penalty = LARGEST_PENALTY;
        double loss = Double.POSITIVE_INFINITY;
        double[] residual = new double[0];
        for (int k = 0; k < PENALTIES; k++) {
            double tried = LEAST_PENALTY * Math.pow(LARGEST_PENALTY / LEAST_PENALTY, k / (PENALTIES - 1.0));
            double[] scatter = floored(heldOut.scatter(tried), users.dimension());
            double lossOfTried = PackedSymmetric.traceOfProduct(scatter, userMoments, users.dimension());
            if (lossOfTried < loss) {
                penalty = tried;
                loss = lossOfTried;
                residual = scatter;
            }
        }
        double[][] rows = heldOut.all().solve(penalty);
        double[] spread = floored(heldOut.scatterAboutMean(), users.dimension());
        FactorRegression regression = new FactorRegression(
                FactorRegression.FORMAT,
                vocabulary,
                Prior.gaussian(heldOut.all().mean(), spread),
                rows[vocabulary.size()],
                Arrays.copyOf(rows, vocabulary.size()),
                residual,
                userMoments);
        double lossOfMean = PackedSymmetric.traceOfProduct(spread, userMoments, users.dimension());
        return Optional.of(new RegressionFit(regression, penalty, 1 - loss / lossOfMean));
    }

    private static double[] floored(double[] covariance, int d) {
        double trace = 0;
        for (int i = 0; i < d; i++) {
            trace += covariance[PackedSymmetric.index(i, i)];
        }
        for (int i = 0; i < d; i++) {
            covariance[PackedSymmetric.index(i, i)] += FLOOR + RELATIVE_FLOOR * trace / d;
        }
        return covariance;
    }
}
