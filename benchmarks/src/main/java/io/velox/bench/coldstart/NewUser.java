package io.velox.bench.coldstart;

import io.velox.bench.data.RatingTable;
import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.Prior;
import io.velox.core.model.VeloxModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A user whom a version does not know.
 *
 * @param learnt ratings in the order in which they are learnt
 * @param tested ratings that are never learnt
 */
public record NewUser(List<Rated> learnt, List<Rated> tested) {
    /** One rating of an item that the version knows. */
    public record Rated(FeatureVector features, double label) {}

    /**
     * How many ratings of a user are used.
     *
     * @param learnt exactly so many are learnt
     * @param fewest fewer are not enough to be tested by
     * @param most at most so many test one user, so that no user counts for many
     */
    public record Sizes(int learnt, int fewest, int most) {
        public Sizes {
            if (learnt < 0 || fewest < 1 || most < fewest) {
                throw new IllegalArgumentException("sizes must be 0 or more, 1 or more, and no less than that, but are "
                        + learnt + ", " + fewest + " and " + most);
            }
        }
    }

    public NewUser {
        learnt = List.copyOf(learnt);
        tested = List.copyOf(tested);
    }

    /**
     * Splits the ratings of one user of a table at random.
     *
     * @return empty if too few of them are of items that the version knows
     */
    public static Optional<NewUser> of(VeloxModel model, RatingTable table, int user, Sizes sizes, long seed) {
        List<Rated> known = new ArrayList<>();
        for (int row = table.start(user); row < table.start(user + 1); row++) {
            double label = table.label(row);
            model.features(Item.ofId(table.item(row))).ifPresent(features -> known.add(new Rated(features, label)));
        }
        if (known.size() < sizes.learnt() + sizes.fewest()) {
            return Optional.empty();
        }
        Collections.shuffle(known, new Random(seed));
        int end = Math.min(known.size(), sizes.learnt() + sizes.most());
        return Optional.of(new NewUser(known.subList(0, sizes.learnt()), known.subList(sizes.learnt(), end)));
    }

    /**
     * The sums of squared errors on the tested ratings, with some of the others learnt.
     *
     * @param after how many are learnt, ascending; as many sums come back
     */
    double[] squaredErrors(Prior prior, double noise, List<Integer> after) {
        RidgeLearner learner = RidgeLearner.atPrior(prior, noise);
        double[] sums = new double[after.size()];
        int next = 0;
        for (int i = 0; i < sums.length; i++) {
            for (; next < after.get(i); next++) {
                learner.learn(learnt.get(next).features(), learnt.get(next).label());
            }
            for (Rated rated : tested) {
                double error = rated.label() - learner.predict(rated.features());
                sums[i] += error * error;
            }
        }
        return sums;
    }
}
