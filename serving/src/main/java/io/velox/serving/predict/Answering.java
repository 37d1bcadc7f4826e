package io.velox.serving.predict;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.Posterior;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.users.UserView;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The one version that answers for one user, and that user's weights in it. Immutable; nobody writes to {@code weights} (length d of
 * the version).
 *
 * @param observations how many of the user's observations the weights have learnt
 * @param isOfSession whether the weights have also learnt what the request brought
 * @param revision of the user; empty for a user of whom nothing is known
 * @param degraded why the answer is poorer or older than it should be; empty when all is well
 */
@SuppressWarnings("ArrayRecordComponent") // carried from the choice to the scores of one request, compared by nobody
public record Answering(
        LoadedVersion version,
        double[] weights,
        int observations,
        boolean isOfSession,
        Optional<Revision> revision,
        Optional<String> degraded) {

    /**
     * Chooses: the ACTIVE version; for a user whose history has not been rebased onto it, the STANDBY one with the weights there; for
     * a user without weights in either, the prior mean of the ACTIVE one. A node that has not loaded the ACTIVE version answers from
     * the STANDBY one and says so.
     *
     * @param loaded the versions that this node holds
     * @throws VeloxException {@code MODEL_NOT_LOADED} if there is no version to answer with
     */
    public static Answering choose(
            CatalogueEntry entry, Function<ModelVersion, Optional<LoadedVersion>> loaded, UserView user) {
        CatalogueEntry.Version active = entry.active().orElseThrow(() -> notLoaded(entry));
        Optional<LoadedVersion> live = loaded.apply(entry.id(active));
        Optional<LoadedVersion> standby = entry.standby().flatMap(v -> loaded.apply(entry.id(v)));
        if (live.isEmpty()) {
            LoadedVersion second = standby.orElseThrow(() -> notLoaded(entry));
            return in(second, user, entry.id(active) + " is not loaded on this node yet");
        }
        boolean isRebased = !hasHistory(user) || weights(user, live.get()).isPresent();
        Optional<LoadedVersion> before = standby.filter(v -> weights(user, v).isPresent());
        return in(isRebased ? live.get() : before.orElseGet(live::get), user, "");
    }

    /** The answer of one given version. */
    public static Answering in(LoadedVersion version, UserView user) {
        return in(version, user, "");
    }

    private static Answering in(LoadedVersion version, UserView user, String trouble) {
        Optional<UserWeights> own = weights(user, version);
        String reasons = joined(user.degraded().orElse(""), trouble);
        if (own.isEmpty() && hasHistory(user)) {
            reasons = joined(reasons, "the user's weights in " + version.model().id() + " are not computed yet");
        }
        return new Answering(
                version,
                own.map(UserWeights::weights)
                        .orElseGet(() -> version.model().prior().mean()),
                own.map(UserWeights::observations).orElse(0),
                false,
                user.model().map(UserModel::revision),
                reasons.isEmpty() ? Optional.empty() : Optional.of(reasons));
    }

    /** The same version, with weights that have also learnt what the request brought. */
    Answering withSession(Posterior posterior) {
        return new Answering(
                version, posterior.learner().weights(), posterior.known(), posterior.known() > 0, revision, degraded);
    }

    public Source source() {
        if (isOfSession) {
            return Source.SESSION;
        }
        return observations > 0 ? Source.PERSONAL : Source.PRIOR;
    }

    public ModelVersion id() {
        return version.model().id();
    }

    /**
     * {@code o + wᵀf}; empty when the version does not know the item.
     *
     * @param features of this version, the item's among them
     */
    public OptionalDouble score(FeaturesAtHand features, Item item) {
        OptionalDouble score = features.score(item, weights);
        return score.isPresent() ? finite(score.getAsDouble()) : score;
    }

    OptionalDouble finite(double score) {
        if (!Double.isFinite(score)) {
            throw new VeloxException(ErrorCode.INTERNAL, id() + " gave a score that is no finite number");
        }
        return OptionalDouble.of(score);
    }

    private static boolean hasHistory(UserView user) {
        return user.model().filter(m -> m.historySize() > 0).isPresent();
    }

    private static Optional<UserWeights> weights(UserView user, LoadedVersion version) {
        return user.model().flatMap(m -> m.weights(version.model().id()));
    }

    private static String joined(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }

    private static VeloxException notLoaded(CatalogueEntry entry) {
        return new VeloxException(ErrorCode.MODEL_NOT_LOADED, ServedModels.whyNotLoaded(entry));
    }
}
