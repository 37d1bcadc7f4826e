package io.velox.job.learn;

import io.velox.core.learn.LossStatistics;
import io.velox.core.learn.RidgeLearner;
import io.velox.core.log.UserRecord;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Observation;
import io.velox.core.model.Repeat;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Posterior;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.job.log.LogRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The application of one record to one user; lives for one call of {@link UserLearner#apply}. */
final class UserStep {
    private final HistoryInStep history;
    private final LogRecord record;
    private final List<VeloxModel> models;
    private final boolean keepsSuperseded;

    /** In the order of {@link #models}; null where the user has none. */
    private final @Nullable UserWeights[] weights;

    private List<Outcome.VersionLoss> losses = List.of();
    private List<ModelVersion> unknown = List.of();
    private final ItemContributions ofItems;
    private boolean forgotten;

    @Nullable
    private Learners learners;

    UserStep(
            @Nullable UserModel before,
            HistoryInStep history,
            @Nullable Learners learners,
            LogRecord record,
            List<VeloxModel> models,
            boolean keepsSuperseded) {
        this.history = history;
        this.learners = learners;
        this.record = record;
        this.models = models;
        this.keepsSuperseded = keepsSuperseded;
        this.weights = new UserWeights[models.size()];
        this.ofItems = new ItemContributions(record);
        if (before != null) {
            forgotten = before.forgotten();
            for (int i = 0; i < weights.length; i++) { // versions no longer loaded are left behind
                weights[i] = before.weights(models.get(i).id()).orElse(null);
            }
        }
    }

    Outcome run() throws Exception {
        if (history.size() > 0) {
            rebaseOntoNewVersions();
        }
        HistoryEntry learnt = null;
        if (record.decoded() instanceof UserRecord.Observed observed) {
            learnt = observe(observed);
        } else if (record.decoded() instanceof UserRecord.Withdrawn withdrawn) {
            withdraw(withdrawn.item());
        }
        if (learners != null) {
            learners.moveTo(record.position(), models);
        }
        UserModel model = new UserModel(record.uid(), record.position(), history.size(), forgotten, weightsByVersion());
        return new Outcome(model, learnt, losses, unknown, ofItems.all());
    }

    /** What there is to cache: null when the record needed no learner and none was cached. */
    @Nullable
    Learners learners() {
        return learners;
    }

    private List<UserWeights> weightsByVersion() {
        if (weights.length == 0) {
            return List.of();
        }
        List<UserWeights> known = new ArrayList<>(weights.length);
        for (UserWeights w : weights) {
            if (w != null) {
                known.add(w);
            }
        }
        return known;
    }

    private void rebaseOntoNewVersions() throws Exception {
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] == null) {
                learnAnew(i, history.entries(), LossStatistics.NONE);
                if (weights(i).observations() < history.size()) {
                    ofItems.rated(models.get(i), weights(i), history.entries());
                }
            }
        }
    }

    private @Nullable HistoryEntry observe(UserRecord.Observed observed) throws Exception {
        if (!(Math.abs(observed.label()) <= Observation.MAX_LABEL)) {
            return null;
        }
        HistoryEntry entry = new HistoryEntry(
                record.position().offset(),
                observed.item(),
                observed.label(),
                Instant.ofEpochMilli(observed.timestamp()),
                observed.id());
        if (history.hasApplied(entry)) {
            return null;
        }
        if (needsTheFirstObservation(entry.item()) && history.has(entry.item())) {
            observeAgain(entry);
        } else {
            for (int i = 0; i < weights.length; i++) {
                learn(i, entry);
            }
            history.append(entry);
        }
        forgotten = false;
        return entry;
    }

    /** Whether a second observation of an item is more than one more: not where every version that knows the item accumulates. */
    private boolean needsTheFirstObservation(Item item) {
        if (!keepsSuperseded) {
            return true;
        }
        for (VeloxModel model : models) {
            if (model.repeat() == Repeat.REPLACE && model.features(item).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** A further observation of an item: one more to versions that accumulate, in place of the one before to the others. */
    private void observeAgain(HistoryEntry entry) throws Exception {
        List<HistoryEntry> next = null;
        @Nullable LossStatistics[] judged = new LossStatistics[weights.length];
        for (int i = 0; i < weights.length; i++) {
            VeloxModel model = models.get(i);
            if (model.repeat() == Repeat.ACCUMULATE) {
                learn(i, entry);
            } else {
                UserWeights known = weights(i);
                Optional<FeatureVector> features = model.features(entry.item());
                if (features.isPresent()) {
                    judged[i] = judge(model, known, features.get(), entry.label());
                } else {
                    noteUnknown(i, entry);
                }
            }
        }
        if (keepsSuperseded) {
            next = new ArrayList<>(history.entries());
            next.add(entry);
            history.append(entry);
        } else {
            next = history.replaceItem(entry.item(), entry);
        }
        for (int i = 0; i < weights.length; i++) {
            LossStatistics loss = judged[i];
            if (loss != null) {
                learnAnew(i, next, loss);
            }
        }
    }

    private void withdraw(Item item) throws Exception {
        if (!history.has(item)) {
            return;
        }
        List<HistoryEntry> next = history.replaceItem(item, null);
        for (int i = 0; i < weights.length; i++) {
            if (models.get(i).features(item).isPresent()) {
                learnAnew(i, next, weights(i).loss());
            } else {
                ofItems.takenBack(models.get(i), item);
            }
        }
    }

    /** Judges, then learns, one observation more, if the version knows its item. */
    private void learn(int i, HistoryEntry entry) throws Exception {
        VeloxModel model = models.get(i);
        Optional<FeatureVector> features = model.features(entry.item());
        if (features.isEmpty()) {
            weights[i] = weights(i);
            noteUnknown(i, entry);
            return;
        }
        RidgeLearner learner = learner(i);
        UserWeights known = weights(i);
        LossStatistics loss = judge(model, known, features.get(), entry.label());
        learner.learn(features.get(), entry.label());
        weights[i] = new UserWeights(model.id(), learner.weights(), known.observations() + 1, loss);
    }

    private void noteUnknown(int i, HistoryEntry entry) {
        if (unknown.isEmpty()) {
            unknown = new ArrayList<>(weights.length);
        }
        unknown.add(models.get(i).id());
        ofItems.rated(models.get(i), weights(i), List.of(entry));
    }

    private void learnAnew(int i, List<HistoryEntry> from, LossStatistics loss) {
        VeloxModel model = models.get(i);
        Posterior posterior = Posterior.of(model, from);
        cached().put(model.id(), posterior.learner());
        weights[i] = new UserWeights(model.id(), posterior.learner().weights(), posterior.known(), loss);
    }

    /** The progressive-validation loss: of the prediction that would have been answered just before. */
    private LossStatistics judge(VeloxModel model, UserWeights known, FeatureVector features, double label) {
        double loss = model.loss(label, features.score(known.weights()));
        if (!Double.isFinite(loss + known.loss().sum())) {
            return known.loss(); // out of the range of a double: a sum that it spoilt would say nothing any more
        }
        if (losses.isEmpty()) {
            losses = new ArrayList<>(weights.length);
        }
        losses.add(new Outcome.VersionLoss(model.id(), loss));
        return known.loss().plus(loss);
    }

    /** The user's weights; those of a user without any are the prior's mean. */
    private UserWeights weights(int i) {
        UserWeights known = weights[i];
        VeloxModel model = models.get(i);
        return known != null ? known : new UserWeights(model.id(), model.prior().mean(), 0, LossStatistics.NONE);
    }

    private RidgeLearner learner(int i) throws Exception {
        VeloxModel model = models.get(i);
        // Who has no weights in a version has no learner of it either, whatever is left in the cache.
        RidgeLearner learner = weights[i] == null ? null : cached().find(model.id());
        if (learner == null) {
            learner = weights(i).observations() == 0
                    ? RidgeLearner.atPrior(model.prior(), model.noise())
                    : Posterior.of(model, history.entries()).learner();
            cached().put(model.id(), learner);
        }
        return learner;
    }

    private Learners cached() {
        Learners all = learners;
        if (all == null) {
            all = new Learners(record.position());
            learners = all;
        }
        return all;
    }
}
