package io.velox.serving.http;

import io.velox.core.learn.LossMoments;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelVersion;
import io.velox.serving.lifecycle.JobHealth;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/models/{model}/health}: the loss of each loaded version over everything that it has learnt, as the job reports it. */
record GetModelHealth(ServedModels models, JobHealth health) implements Operation {
    /**
     * How a model does.
     *
     * @param lastReport when the job last reported; null if it never did
     */
    record Answer(
            String model,
            @Nullable Integer active,
            List<Version> versions,
            @Nullable Instant lastReport) {}

    /**
     * One version.
     *
     * @param loadedEverywhere whether every subtask of the job learns in it
     * @param rejection why the job refused it; null if it did not
     */
    record Version(
            int version,
            VersionState state,
            LossView loss,
            boolean loadedEverywhere,
            @Nullable Instant activatedAt,
            @Nullable String rejection) {}

    @Override
    public Future<Reply> answer(Call call) {
        CatalogueEntry entry = models.entry(call.model());
        Map<ModelVersion, LossMoments> loss = health.loss();
        List<Version> versions = entry.versions().stream()
                .filter(v ->
                        v.state().isLoaded() || loss.containsKey(entry.id(v)) || v.state() == VersionState.REJECTED)
                .map(v -> version(v, entry.id(v), loss.getOrDefault(entry.id(v), LossMoments.NONE)))
                .toList();
        return Future.succeededFuture(Reply.ok(new Answer(
                entry.model(),
                entry.active().isEmpty() ? null : entry.active().get().version(),
                versions,
                health.lastReport().orElse(null))));
    }

    private Version version(CatalogueEntry.Version version, ModelVersion id, LossMoments loss) {
        return new Version(
                version.version(),
                version.state(),
                LossView.of(loss),
                health.isLoadedEverywhere(id),
                version.activatedAt(),
                health.rejection(id).orElse(version.state() == VersionState.REJECTED ? version.reason() : null));
    }
}
