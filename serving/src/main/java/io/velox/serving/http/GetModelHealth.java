package io.velox.serving.http;

import io.velox.core.learn.LossMoments;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.HealthMinute;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelVersion;
import io.velox.serving.health.AuditPass;
import io.velox.serving.lifecycle.JobHealth;
import io.velox.serving.lifecycle.LiveModels;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/models/{model}/health}: how each loaded version does, against what training promised, and its history. */
record GetModelHealth(ServedModels models, LiveModels live, JobHealth health, Supplier<AuditPass> audit, Clock clock)
        implements Operation {
    private static final long DEFAULT_MINUTES = 60;

    /**
     * How a model does.
     *
     * @param lastReport when the job last reported; null if it never did
     * @param audit the newest that this node knows of; null where there was none in the last day
     */
    record Answer(
            String model,
            @Nullable Integer active,
            List<Version> versions,
            @Nullable Instant lastReport,
            List<Pair> pairs,
            List<Freshness> freshness,
            HealthMinute.@Nullable Audit audit,
            List<Minute> history) {}

    /**
     * One version.
     *
     * @param promise null where this node does not hold the version, or nothing was measured
     * @param unknown observations of items that it does not know
     * @param loadedEverywhere whether every subtask of the job learns in it
     * @param rejection why the job refused it; null if it did not
     */
    record Version(
            int version,
            VersionState state,
            LossView loss,
            Windows windows,
            @Nullable Promise promise,
            LossView validation,
            LossView crossValidation,
            List<HealthRecord.WorstUser> worst,
            long unknown,
            boolean loadedEverywhere,
            @Nullable Instant activatedAt,
            @Nullable String rejection) {}

    /** The loss over what was learnt lately. */
    record Windows(LossView minute, LossView tenMinutes, LossView hour) {}

    /** What training measured, and the loss of the last ten minutes by it; null where nothing was learnt in them. */
    record Promise(double loss, @Nullable Double ratio) {}

    /** Two versions over the same observations; {@code standardError} of the difference is null for a single one. */
    record Pair(
            int first,
            int second,
            long count,
            double firstMean,
            double secondMean,
            @Nullable Double standardError) {
        static Pair of(HealthRecord.Pair pair) {
            double error = pair.loss().standardError();
            return new Pair(
                    pair.first(),
                    pair.second(),
                    pair.loss().count(),
                    pair.loss().meanFirst(),
                    pair.loss().meanSecond(),
                    Double.isFinite(error) ? error : null);
        }
    }

    /** Milliseconds until observations were learnt, of one minute. */
    record Freshness(Instant at, long count, long p50, long p99, long max) {
        static Freshness of(HealthMinute minute) {
            HealthMinute.Freshness f = minute.freshness();
            return new Freshness(minute.begin(), f.count(), f.p50(), f.p99(), f.max());
        }
    }

    /** One minute of the past. */
    record Minute(Instant at, List<VersionInMinute> versions, HealthMinute.@Nullable Audit audit) {
        static Minute of(HealthMinute minute) {
            return new Minute(
                    minute.begin(),
                    minute.versions().stream()
                            .map(v -> new VersionInMinute(
                                    v.version(),
                                    LossView.of(v.loss()),
                                    LossView.of(v.validation()),
                                    LossView.of(v.crossValidation())))
                            .toList(),
                    minute.audit());
        }
    }

    /** One version in one minute. */
    record VersionInMinute(int version, LossView loss, LossView validation, LossView crossValidation) {}

    @Override
    public Future<Reply> answer(Call call) {
        CatalogueEntry entry = models.entry(call.model());
        long minutes = call.optionalLong("minutes", HealthMinute.KEPT).orElse(DEFAULT_MINUTES);
        Instant now = clock.instant();
        List<HealthMinute> day = health.history(entry.model());
        List<HealthMinute> asked = day.stream()
                .filter(minute -> !minute.begin().isBefore(now.minus(Duration.ofMinutes(minutes))))
                .toList();
        Map<ModelVersion, LossMoments> loss = health.loss();
        List<Version> versions = entry.versions().stream()
                .filter(v ->
                        v.state().isLoaded() || loss.containsKey(entry.id(v)) || v.state() == VersionState.REJECTED)
                .map(v -> version(v, entry.id(v), day, now))
                .toList();
        return Future.succeededFuture(Reply.ok(new Answer(
                entry.model(),
                entry.active().isEmpty() ? null : entry.active().get().version(),
                versions,
                health.lastReport().orElse(null),
                health.pairs(entry.model()).stream().map(Pair::of).toList(),
                asked.stream().map(Freshness::of).toList(),
                newestAudit(entry.model(), day),
                asked.stream().map(Minute::of).toList())));
    }

    private Version version(CatalogueEntry.Version version, ModelVersion id, List<HealthMinute> day, Instant now) {
        LossMoments tenMinutes = health.lossSince(id, now.minus(Duration.ofMinutes(10)));
        return new Version(
                version.version(),
                version.state(),
                LossView.of(health.loss().getOrDefault(id, LossMoments.NONE)),
                new Windows(
                        LossView.of(health.lossSince(id, now.minus(Duration.ofMinutes(1)))),
                        LossView.of(tenMinutes),
                        LossView.of(health.lossSince(id, now.minus(Duration.ofHours(1))))),
                promise(id, tenMinutes).orElse(null),
                LossView.of(health.validation().getOrDefault(id, LossMoments.NONE)),
                LossView.of(crossValidation(id, day)),
                health.worst(id),
                health.unknown().getOrDefault(id, 0L),
                health.isLoadedEverywhere(id),
                version.activatedAt(),
                health.rejection(id).orElse(version.state() == VersionState.REJECTED ? version.reason() : null));
    }

    private Optional<Promise> promise(ModelVersion id, LossMoments tenMinutes) {
        return live.loaded(id)
                .flatMap(version ->
                        Optional.ofNullable(version.manifest().metrics().get("heldOutRmse")))
                .map(rmse -> new Promise(
                        rmse * rmse, tenMinutes.count() == 0 || rmse == 0 ? null : tenMinutes.mean() / (rmse * rmse)));
    }

    /** Over the day, and the audit of which no minute tells yet. */
    private LossMoments crossValidation(ModelVersion id, List<HealthMinute> day) {
        LossMoments total = LossMoments.NONE;
        for (HealthMinute minute : day) {
            total = total.plus(minute.version(id.version())
                    .map(HealthMinute.Version::crossValidation)
                    .orElse(LossMoments.NONE));
        }
        AuditPass pass = audit.get();
        boolean isToldAlready =
                !day.isEmpty() && pass.at().isBefore(day.get(day.size() - 1).end());
        return isToldAlready ? total : total.plus(pass.crossValidation().getOrDefault(id, LossMoments.NONE));
    }

    private HealthMinute.@Nullable Audit newestAudit(String model, List<HealthMinute> day) {
        HealthMinute.Audit own = audit.get().models().get(model);
        if (own != null) {
            return own;
        }
        for (int i = day.size() - 1; i >= 0; i--) {
            HealthMinute.Audit found = day.get(i).audit();
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
