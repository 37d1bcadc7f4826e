package io.velox.bench.coldstart;

import io.velox.core.model.Prior;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What a new user starts from, and with which noise its ratings are learnt. */
public record Start(Prior prior, double noise) {
    private static final List<Double> VARIANCES = List.of(0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0);
    private static final List<Double> NOISES = List.of(0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0);

    /**
     * The paper's: a mean of zero, and one variance for all weights, of several about the mean square of the users' weights, which is
     * what a training takes for this kind.
     *
     * @param served the gaussian prior and the noise of a version
     */
    public static List<Start> zero(Start served) {
        double[] mean = served.prior.mean();
        double square = Arrays.stream(mean).map(m -> m * m).sum() / mean.length;
        return scaled(
                served,
                VARIANCES.stream()
                        .map(scale -> Prior.zero(mean.length, scale * (served.spread() + square)))
                        .toList());
    }

    /** The average user, and one variance for all weights, of several about their mean variance, which is what a training takes. */
    public static List<Start> mean(Start served) {
        return scaled(
                served,
                VARIANCES.stream()
                        .map(scale -> Prior.mean(served.prior.mean(), scale * served.spread()))
                        .toList());
    }

    /** The version's own prior. */
    public static List<Start> gaussian(Start served) {
        return scaled(served, List.of(served.prior));
    }

    /** Each prior with several noises about the version's. */
    private static List<Start> scaled(Start served, List<Prior> priors) {
        List<Start> all = new ArrayList<>();
        for (Prior prior : priors) {
            NOISES.forEach(scale -> all.add(new Start(prior, scale * served.noise)));
        }
        return all;
    }

    /** The mean variance of a weight. */
    public double spread() {
        double[][] covariance = prior.covariance();
        double sum = 0;
        for (int i = 0; i < covariance.length; i++) {
            sum += covariance[i][i];
        }
        return sum / covariance.length;
    }

    /** Of several, the one with the least squared error on some users, the mean over numbers of learnt ratings. */
    public static Start best(List<Start> starts, List<NewUser> users, List<Integer> after) {
        return starts.stream()
                .min(Comparator.comparingDouble(start -> Arrays.stream(start.rmse(users, after))
                        .map(rmse -> rmse * rmse)
                        .sum()))
                .orElseThrow(() -> new IllegalArgumentException("there must be something to choose from"));
    }

    /**
     * The root mean square error over all tested ratings of some users.
     *
     * @param after how many ratings of each are learnt, ascending; as many errors come back
     */
    public double[] rmse(List<NewUser> users, List<Integer> after) {
        double[] sums = new double[after.size()];
        long tested = 0;
        for (NewUser user : users) {
            double[] errors = user.squaredErrors(prior, noise, after);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += errors[i];
            }
            tested += user.tested().size();
        }
        if (tested == 0) {
            throw new IllegalArgumentException("there must be users with tested ratings");
        }
        double n = tested;
        return Arrays.stream(sums).map(sum -> Math.sqrt(sum / n)).toArray();
    }
}
