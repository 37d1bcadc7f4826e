package io.velox.bench.explore;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A world in which greedy gets stuck: half of the items are of a kind that most users dislike and some love, and nothing but an item
 * of that kind tells which.
 *
 * <p>An item has {@value #TASTES} features of taste, {@code N(0, 1/4)} each, one that is 1 for that kind and 0 else, and the constant 1. A
 * user's weight of each taste and of the constant is {@code N(0, 1/4)}; that of the kind is one number for lovers and another for everybody
 * else. Policies assume the normal distribution that has the users' mean and covariance, as a training would find it, and the true
 * noise.
 */
public final class SplitTaste implements Environment {
    private static final int TASTES = 4;
    private static final int KIND = TASTES;
    private static final int D = TASTES + 2;
    private static final double TASTE_DEVIATION = 0.5;
    private static final double LOVERS = 0.25;
    private static final double LOVE = 1.5;
    private static final double DISLIKE = -2;
    private static final double GLOBAL_MEAN = 3.5;
    private static final double NOISE = 0.8;
    private static final int ITEMS = 500;

    private final int users;
    private final int rounds;
    private final int candidates;

    public SplitTaste(int users, int rounds, int candidates) {
        this.users = users;
        this.rounds = rounds;
        this.candidates = candidates;
    }

    /** What it is made of, for a reader of figures. */
    public String description() {
        return "half of " + ITEMS + " items are of a kind of which " + LOVERS + " of the users have a weight of " + LOVE
                + " and the others of " + DISLIKE + "; " + TASTES + " features of taste with weights of deviation "
                + TASTE_DEVIATION + "; noise " + NOISE + "; policies assume the users' mean and covariance; " + users
                + " users, " + rounds + " rounds, " + candidates + " candidates each";
    }

    @Override
    public String name() {
        return "split";
    }

    @Override
    public Prior prior() {
        double[] mean = new double[D];
        mean[KIND] = LOVERS * LOVE + (1 - LOVERS) * DISLIKE;
        double[] covariance = PackedSymmetric.diagonal(D, TASTE_DEVIATION * TASTE_DEVIATION);
        covariance[PackedSymmetric.index(KIND, KIND)] = LOVERS * (1 - LOVERS) * (LOVE - DISLIKE) * (LOVE - DISLIKE);
        return Prior.gaussian(mean, covariance);
    }

    @Override
    public double noise() {
        return NOISE;
    }

    @Override
    public List<List<Round>> users(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<FeatureVector> items = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            double[] features = tastes(random);
            features[KIND] = i % 2;
            features[D - 1] = 1;
            items.add(new FeatureVector(features, GLOBAL_MEAN, 0));
        }
        List<List<Round>> all = new ArrayList<>();
        for (int user = 0; user < users; user++) {
            all.add(TrueUser.rounds(items, weights(random), NOISE, rounds, candidates, random));
        }
        return all;
    }

    static double[] weights(SplittableRandom random) {
        double[] weights = tastes(random);
        weights[KIND] = random.nextDouble() < LOVERS ? LOVE : DISLIKE;
        weights[D - 1] = TASTE_DEVIATION * random.nextGaussian();
        return weights;
    }

    /** Normal in the places of tastes, and 0 in the others. */
    private static double[] tastes(SplittableRandom random) {
        double[] tastes = new double[TASTES];
        Arrays.setAll(tastes, i -> TASTE_DEVIATION * random.nextGaussian());
        return Arrays.copyOf(tastes, D);
    }
}
