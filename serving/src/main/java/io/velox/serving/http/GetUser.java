package io.velox.serving.http;

import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.learn.LossStatistics;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.model.Item;
import io.velox.core.user.Histories;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.predict.Answering;
import io.velox.serving.predict.CpuPool;
import io.velox.serving.predict.Predictor;
import io.velox.serving.predict.ServedModels;
import io.velox.serving.users.UserSnapshot;
import io.velox.serving.users.UserView;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/users/{uid}}: the user's weights in the version of each model that answers, or in another loaded one, and the
 * history, both at one revision.
 */
record GetUser(ServedModels models, Predictor predictor, CpuPool cpu, ServingConfiguration limits)
        implements Operation {
    /** Everything known of a user; {@code history} is in the order of the log. */
    record Answer(String uid, Revision revision, SortedMap<String, Weights> models, List<Entry> history) {}

    /** The user's weights in one version. */
    @SuppressWarnings("ArrayRecordComponent") // written out once
    record Weights(int version, double[] weights, int observations, LossView loss) {}

    /**
     * One observation.
     *
     * @param id the client's own; null if it gave none
     * @param superseded true if a later one of the same item follows; null if not
     */
    record Entry(
            Item item,
            double label,
            Instant timestamp,
            @Nullable String id,
            @Nullable Boolean superseded) {}

    @Override
    public Future<Reply> answer(Call call) {
        String uid = call.id("uid");
        OptionalInt version = call.queriedVersion();
        version.ifPresent(this::checkLoaded);
        return call.await(predictor.snapshot(uid, call.readOptions(limits.receiptTimeoutMs())))
                .compose(user -> {
                    UserModel model = known(uid, user);
                    long steps = 500L * user.history().size()
                            + 100L
                                    * model.weights().stream()
                                            .mapToInt(w -> w.weights().length)
                                            .sum();
                    return call.await(cpu.compute(steps, () -> Reply.ok(view(model, user.history(), version))));
                });
    }

    private static UserModel known(String uid, UserSnapshot user) {
        return user.model()
                .filter(m -> !m.forgotten() || m.historySize() > 0)
                .orElseThrow(() -> VeloxException.ofField(
                        ErrorCode.UNKNOWN_USER,
                        "uid",
                        "nothing is known of user '" + uid + "'; predictions come from the prior"));
    }

    /** Refuses a version that no model has, or that no model has loaded. */
    private void checkLoaded(int version) {
        List<CatalogueEntry> entries = models.all().stream()
                .filter(e -> e.version(version).isPresent())
                .toList();
        if (entries.isEmpty()) {
            throw VeloxException.ofField(
                    ErrorCode.UNKNOWN_VERSION, "version", "no model has a version " + version + "; see GET /v1/models");
        }
        for (CatalogueEntry entry : entries) {
            if (loaded(entry, version).isPresent()) {
                return;
            }
        }
        models.loaded(entries.get(0), version);
    }

    private Answer view(UserModel user, List<HistoryEntry> history, OptionalInt version) {
        SortedMap<String, Weights> weights = new TreeMap<>();
        UserView view = new UserView(Optional.of(user), Optional.empty());
        for (CatalogueEntry entry : models.all()) {
            answering(entry, version, view).ifPresent(a -> weights.put(entry.model(), weights(user, a)));
        }
        return new Answer(user.uid(), user.revision(), weights, entries(history));
    }

    private static List<Entry> entries(List<HistoryEntry> history) {
        List<HistoryEntry> inOrder = history.stream()
                .sorted(Comparator.comparingLong(HistoryEntry::offset))
                .toList();
        Set<HistoryEntry> last = new HashSet<>(Histories.lastOfEachItem(inOrder));
        return inOrder.stream()
                .map(e -> new Entry(e.item(), e.label(), e.timestamp(), e.id(), last.contains(e) ? null : Boolean.TRUE))
                .toList();
    }

    private Optional<Answering> answering(CatalogueEntry entry, OptionalInt version, UserView user) {
        if (version.isPresent()) {
            return loaded(entry, version.getAsInt()).map(v -> Answering.in(v, user));
        }
        return models.isLive(entry) ? Optional.of(Answering.choose(entry, models::loaded, user)) : Optional.empty();
    }

    private Optional<LoadedVersion> loaded(CatalogueEntry entry, int version) {
        return entry.version(version).flatMap(v -> models.loaded(entry.id(v)));
    }

    private static Weights weights(UserModel user, Answering answering) {
        LossStatistics loss =
                user.weights(answering.id()).map(UserWeights::loss).orElse(LossStatistics.NONE);
        return new Weights(answering.id().version(), answering.weights(), answering.observations(), LossView.of(loss));
    }
}
