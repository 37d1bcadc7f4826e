package io.velox.core.user;

import io.velox.core.learn.LossMoments;
import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A learner that has learnt a history under one version.
 *
 * @param learnt what it has learnt
 */
public record Posterior(RidgeLearner learner, LearntHistory learnt) {
    public static Posterior of(VeloxModel model, List<HistoryEntry> history) {
        return of(model, model::features, history);
    }

    /**
     * The same with features that are at hand already.
     *
     * @param features of the version
     */
    public static Posterior of(
            VeloxModel model, Function<Item, Optional<FeatureVector>> features, List<HistoryEntry> history) {
        LearntHistory learnt = LearntHistory.of(model.repeat(), features, history);
        return new Posterior(
                RidgeLearner.ofHistory(model.prior(), model.noise(), learnt.features(), learnt.labels()), learnt);
    }

    /** How many observations it has learnt. */
    public int known() {
        return learnt.size();
    }

    /**
     * Why an item has its score: of {@code w − m = C Σ fⱼ (yⱼ − oⱼ − mᵀfⱼ)/(σ² + τⱼ)}, the dual form of the ridge solution, the share of each j.
     *
     * @param model the version that was learnt
     * @param item its features of the item
     * @param most how many observations are named
     */
    public Explanation explain(VeloxModel model, FeatureVector item, int most) {
        double[] mean = model.prior().mean();
        double[] direction = learner.covarianceTimes(item.values());
        double[] contributions = new double[learnt.size()];
        for (int j = 0; j < contributions.length; j++) {
            FeatureVector f = learnt.features().get(j);
            double surprise = learnt.labels()[j] - f.score(mean);
            double pull = f.score(direction) - f.offset();
            contributions[j] = pull * surprise / (model.noise() + f.noise());
        }
        return Explanation.of(item.score(mean), learnt.entries(), contributions, most);
    }

    /** Leave-one-out cross-validation: the squared residual of each observation, predicted from all the others, in O(d²) each. */
    public LossMoments leaveOneOut() {
        LossMoments total = LossMoments.NONE;
        for (int i = 0; i < learnt.size(); i++) {
            double residual = learner.leaveOneOutResidual(learnt.features().get(i), learnt.labels()[i]);
            if (total.canTake(residual * residual)) {
                total = total.plus(residual * residual);
            }
        }
        return total;
    }
}
