package io.velox.job.learn;

import io.velox.core.learn.LossStatistics;
import io.velox.core.learn.RidgeLearner;
import io.velox.core.log.UserRecord;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Observation;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.job.log.LogRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The application of one record to one user; lives for one call of {@link UserLearner#apply}. */
final class UserStep {
    private final UserHistory history;
    private final LogRecord record;
    private final Collection<VeloxModel> models;
    private final SortedMap<ModelVersion, UserWeights> weights = new TreeMap<>();
    private final List<Outcome.VersionLoss> losses = new ArrayList<>();
    private int historySize;
    private boolean forgotten;

    /** Read at most once, before anything is changed. */
    @Nullable
    private List<HistoryEntry> entries;

    @Nullable
    private DerivedUser derived;

    UserStep(
            @Nullable UserModel before,
            @Nullable DerivedUser derived,
            UserHistory history,
            LogRecord record,
            Collection<VeloxModel> models) {
        this.history = history;
        this.record = record;
        this.models = models;
        this.derived = derived;
        if (before != null) {
            historySize = before.historySize();
            forgotten = before.forgotten();
            for (VeloxModel model : models) { // versions no longer loaded are left behind
                before.weights(model.id()).ifPresent(w -> weights.put(model.id(), w));
            }
        }
    }

    Outcome run() throws Exception {
        if (historySize > 0) {
            rebaseOntoNewVersions();
        }
        HistoryEntry learnt = null;
        if (record.decoded() instanceof UserRecord.Observed observed) {
            learnt = observe(observed);
        } else if (record.decoded() instanceof UserRecord.Withdrawn withdrawn) {
            withdraw(withdrawn.item());
        }
        if (derived != null) {
            derived.moveTo(
                    record.position(), models.stream().map(VeloxModel::id).toList());
        }
        UserModel model =
                new UserModel(record.uid(), record.position(), historySize, forgotten, List.copyOf(weights.values()));
        return new Outcome(model, learnt, losses);
    }

    /** What there is to cache: empty when the record needed nothing derived and nothing was cached. */
    Optional<DerivedUser> derived() {
        return Optional.ofNullable(derived);
    }

    private void rebaseOntoNewVersions() throws Exception {
        for (VeloxModel model : models) {
            if (!weights.containsKey(model.id())) {
                learnAnew(model, entries(), LossStatistics.NONE);
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
        if (derivedUser().hasSeen(entry.item())) {
            return observeAgain(entry);
        }
        for (VeloxModel model : models) {
            Optional<FeatureVector> features = model.features(entry.item());
            RidgeLearner learner = learner(model);
            UserWeights known = weightsIn(model, learner);
            if (features.isPresent()) {
                LossStatistics loss = judge(model, known, features.get(), entry.label());
                learner.learn(features.get(), entry.label());
                known = new UserWeights(model.id(), learner.weights(), known.observations() + 1, loss);
            }
            weights.put(model.id(), known);
        }
        history.append(entry);
        derivedUser().add(entry.item());
        historySize++;
        forgotten = false;
        return entry;
    }

    /** A second observation of an item: the same one sent twice changes nothing, another takes the first one's place. */
    private @Nullable HistoryEntry observeAgain(HistoryEntry entry) throws Exception {
        List<HistoryEntry> next = new ArrayList<>(historySize);
        for (HistoryEntry old : entries()) {
            if (!old.item().equals(entry.item())) {
                next.add(old);
            } else if (entry.id() != null && entry.id().equals(old.id())) {
                return null;
            }
        }
        next.add(entry);
        SortedMap<ModelVersion, LossStatistics> judged = new TreeMap<>();
        for (VeloxModel model : models) {
            UserWeights known = weightsIn(model, learner(model));
            LossStatistics loss = model.features(entry.item())
                    .map(f -> judge(model, known, f, entry.label()))
                    .orElse(known.loss());
            judged.put(model.id(), loss);
        }
        history.replace(next);
        for (VeloxModel model : models) {
            learnAnew(model, next, judged.getOrDefault(model.id(), LossStatistics.NONE));
        }
        return entry;
    }

    private void withdraw(Item item) throws Exception {
        if (!derivedUser().hasSeen(item)) {
            return;
        }
        List<HistoryEntry> next =
                entries().stream().filter(e -> !e.item().equals(item)).toList();
        history.replace(next);
        derivedUser().remove(item);
        historySize = next.size();
        for (VeloxModel model : models) {
            UserWeights known = weights.get(model.id());
            learnAnew(model, next, known == null ? LossStatistics.NONE : known.loss());
        }
    }

    private void learnAnew(VeloxModel model, List<HistoryEntry> from, LossStatistics loss) throws Exception {
        Posterior posterior = Posterior.of(model, from);
        derivedUser().put(model.id(), posterior.learner());
        weights.put(model.id(), new UserWeights(model.id(), posterior.learner().weights(), posterior.known(), loss));
    }

    /** The progressive-validation loss: of the prediction that would have been answered just before. */
    private LossStatistics judge(VeloxModel model, UserWeights known, FeatureVector features, double label) {
        double loss = model.loss(label, features.score(known.weights()));
        if (!Double.isFinite(loss + known.loss().sum())) {
            return known.loss(); // out of the range of a double: a sum that it spoilt would say nothing any more
        }
        losses.add(new Outcome.VersionLoss(model.id(), loss));
        return known.loss().plus(loss);
    }

    private UserWeights weightsIn(VeloxModel model, RidgeLearner learner) {
        UserWeights known = weights.get(model.id());
        return known != null ? known : new UserWeights(model.id(), learner.weights(), 0, LossStatistics.NONE);
    }

    private RidgeLearner learner(VeloxModel model) throws Exception {
        RidgeLearner learner = derivedUser().learner(model.id());
        if (learner == null) {
            learner = Posterior.of(model, entries()).learner();
            derivedUser().put(model.id(), learner);
        }
        return learner;
    }

    private DerivedUser derivedUser() throws Exception {
        DerivedUser user = derived;
        if (user == null) {
            user = DerivedUser.of(record.position(), entries());
            derived = user;
        }
        return user;
    }

    private List<HistoryEntry> entries() throws Exception {
        List<HistoryEntry> read = entries;
        if (read == null) {
            read = historySize == 0 ? List.of() : history.entries();
            entries = read;
        }
        return read;
    }
}
