package io.velox.bench.experiment;

import io.velox.bench.data.HiddenItems;
import io.velox.bench.data.MovieMetadata;
import io.velox.bench.data.RatingTable;
import io.velox.core.item.FactorRegression;
import io.velox.core.item.ItemEvidence;
import io.velox.core.item.ItemGuess;
import io.velox.core.item.ItemRating;
import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.Prior;
import io.velox.core.store.ItemPrior;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The errors of predictions of hidden items by one version, whose users have learnt from all other items. Confined to one thread. */
final class ColdItemsErrors {
    /** How many ratings without a deviation the item's mean is shrunk by, of which the best counts. */
    private static final double[] SHRINKAGES = {0.5, 1, 2, 3, 5, 8, 12, 20};

    /** Of the users' biases, and of the known items'. */
    private static final double BIAS_SHRINKAGE = 5;

    private final RatingTable table;
    private final HiddenItems hidden;
    private final MatrixFactorModel model;
    private final RidgeLearner[] learners;
    private final double[] userBiases;
    private double globalMean;

    /** How an item is taken before it is rated. */
    @FunctionalInterface
    interface Start {
        ItemGuess of(String item);
    }

    ColdItemsErrors(RatingTable table, HiddenItems hidden, MatrixFactorModel model) {
        this.table = table;
        this.hidden = hidden;
        this.model = model;
        this.learners = new RidgeLearner[table.users()];
        this.userBiases = new double[table.users()];
        learnUsers();
        learnBiases();
    }

    private void learnUsers() {
        List<List<FeatureVector>> features = new ArrayList<>();
        List<List<Double>> labels = new ArrayList<>();
        for (int user = 0; user < table.users(); user++) {
            features.add(new ArrayList<>());
            labels.add(new ArrayList<>());
        }
        for (int row : hidden.trainingRows()) {
            int user = table.user(row);
            features.get(user).add(model.features(Item.ofId(table.item(row))).orElseThrow());
            labels.get(user).add(table.label(row));
        }
        for (int user = 0; user < learners.length; user++) {
            learners[user] = RidgeLearner.ofHistory(
                    model.prior(),
                    model.noise(),
                    features.get(user),
                    labels.get(user).stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    /** Shrunken means of what remains after global mean and item, as in any baseline of biases. */
    private void learnBiases() {
        int[] rows = hidden.trainingRows();
        globalMean = Arrays.stream(rows).mapToDouble(table::label).average().orElseThrow();
        Map<String, double[]> ofItems = new HashMap<>();
        for (int row : rows) {
            double[] sums = ofItems.computeIfAbsent(table.item(row), item -> new double[2]);
            sums[0] += table.label(row) - globalMean;
            sums[1]++;
        }
        double[] counts = new double[userBiases.length];
        for (int row : rows) {
            double[] sums = ofItems.getOrDefault(table.item(row), new double[2]);
            userBiases[table.user(row)] += table.label(row) - globalMean - sums[0] / (sums[1] + BIAS_SHRINKAGE);
            counts[table.user(row)]++;
        }
        for (int user = 0; user < userBiases.length; user++) {
            userBiases[user] /= counts[user] + BIAS_SHRINKAGE;
        }
    }

    /** How many ratings judge. */
    int judged() {
        return hidden.items().stream().mapToInt(item -> item.rest().length).sum();
    }

    /** RMSE of global mean, user's bias and item's mean deviation in its first ratings, shrunk as is best for these very errors. */
    double itemMean(int ratings) {
        double least = Double.POSITIVE_INFINITY;
        for (double shrinkage : SHRINKAGES) {
            double squares = 0;
            for (HiddenItems.Item item : hidden.items()) {
                double deviation = 0;
                for (int i = 0; i < ratings; i++) {
                    deviation += deviation(item.first()[i]) / (ratings + shrinkage);
                }
                for (int row : item.rest()) {
                    squares += Math.pow(deviation(row) - deviation, 2);
                }
            }
            least = Math.min(least, Math.sqrt(squares / judged()));
        }
        return least;
    }

    private double deviation(int row) {
        return table.label(row) - globalMean - userBiases[table.user(row)];
    }

    /** RMSE of the version's predictions, after an item's first ratings improved it. */
    double learnt(int ratings, Start start) {
        double squares = 0;
        double[] moments = ItemGuess.userMoments(model.prior());
        for (HiddenItems.Item item : hidden.items()) {
            ItemGuess guess = start.of(item.id());
            List<ItemRating> evidence = new ArrayList<>();
            for (int i = 0; i < ratings; i++) {
                int row = item.first()[i];
                evidence.add(new ItemRating(learners[table.user(row)].weights(), table.label(row), model.noise()));
            }
            FeatureVector features =
                    guess.improved(ItemEvidence.of(model.dimension(), evidence)).features(moments);
            for (int row : item.rest()) {
                squares += Math.pow(table.label(row) - learners[table.user(row)].predict(features), 2);
            }
        }
        return Math.sqrt(squares / judged());
    }

    static Start ofMetadata(FactorRegression regression, MovieMetadata metadata) {
        return item -> regression.guess(metadata.of(item));
    }

    /** What a version takes any item for that it knows nothing of. */
    static Start ofPrior(ItemPrior prior) {
        double[] mean = prior.vector().mean();
        mean[mean.length - 1] += prior.globalMean();
        ItemGuess guess = new ItemGuess(Prior.gaussian(mean, prior.vector().packedCovariance()));
        return item -> guess;
    }
}
