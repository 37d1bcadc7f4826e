package io.velox.serving.lifecycle;

import io.velox.core.config.LifecycleConfiguration;
import io.velox.core.judge.GateRule;
import io.velox.core.judge.RollbackRule;
import io.velox.core.judge.StalenessRule;
import io.velox.core.judge.StalenessWatch;
import io.velox.core.judge.Verdict;
import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.Cause;
import io.velox.core.log.Watermark;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Applies the rules of judgement to what job and store report of versions. What it remembers is only since when: a lifecycle that
 * begins anew waits and watches from its own beginning. Confined to the lifecycle's thread.
 */
final class Judge {
    private final GateRule gate;
    private final RollbackRule rollback;
    private final StalenessRule staleness;
    private final JobHealth health;
    private final LoadedModels versions;
    private final Map<String, Waiting> waiting = new HashMap<>();
    private final Map<String, Watched> watched = new HashMap<>();
    private final Map<String, Trained> trained = new HashMap<>();

    /** Since when the candidate of a model has been waiting for its verdict. */
    private record Waiting(ModelVersion candidate, Instant since) {}

    /** What has come: observations that a version has scored, and those of items that it does not know. */
    record Observed(long scored, long unknown) {
        static final Observed NOTHING = new Observed(0, 0);

        private Observed since(Observed before) {
            return new Observed(Math.max(0, scored - before.scored), Math.max(0, unknown - before.unknown));
        }
    }

    /** What had come when a training began beside the version that answered. */
    private record Trained(ModelVersion beside, Observed observed) {}

    /** The watch of the version of a model that answers. */
    private record Watched(ModelVersion version, StalenessWatch watch) {}

    Judge(LifecycleConfiguration rules, JobHealth health, LoadedModels versions) {
        this.gate = rules.gate().rule();
        this.rollback = rules.rollback().rule();
        this.staleness = rules.staleness().rule();
        this.health = health;
        this.versions = versions;
    }

    /** Where a version's losses stand now, in itself and beside the version that answers. */
    Watermark watermark(CatalogueEntry entry, Version version) {
        LossMoments loss = health.loss().getOrDefault(entry.id(version), LossMoments.NONE);
        long unknown = health.unknown().getOrDefault(entry.id(version), 0L);
        return entry.active()
                .filter(active -> active.version() != version.version())
                .map(active -> new Watermark(
                        active.version(), loss, health.paired(entry.id(active), entry.id(version)), unknown))
                .orElseGet(() -> new Watermark(null, loss, PairedLoss.NONE, unknown));
    }

    /** Whether a candidate's losses are counted beside a version that no longer answers. */
    static boolean isOutdated(CatalogueEntry entry, Version candidate) {
        Integer against =
                candidate.watermark() == null ? null : candidate.watermark().against();
        Integer active = entry.active().map(Version::version).orElse(null);
        return candidate.watermark() == null || (against == null ? active != null : !against.equals(active));
    }

    /**
     * The verdict on a candidate with a watermark that is not outdated; empty while more is waited for.
     */
    Optional<Verdict> verdict(CatalogueEntry entry, Version candidate, Instant now) {
        ModelVersion id = entry.id(candidate);
        Instant since = waiting.compute(
                        entry.model(),
                        (model, known) -> known != null && known.candidate().equals(id) ? known : new Waiting(id, now))
                .since();
        Optional<Manifest> own = manifest(id);
        Optional<Manifest> live = entry.active().flatMap(active -> manifest(entry.id(active)));
        Watermark mark = candidate.watermark();
        if (own.isEmpty() || mark == null || (entry.active().isPresent() && live.isEmpty())) {
            return Optional.empty(); // this node is loading it again
        }
        PairedLoss paired = entry.active()
                .map(active -> health.paired(entry.id(active), id).since(mark.paired()))
                .orElse(PairedLoss.NONE);
        return gate.judge(
                new GateRule.Evidence(
                        own.get().metrics(),
                        live.map(Manifest::metrics).orElse(null),
                        paired,
                        Duration.between(since, now)),
                now);
    }

    /** Why the version that answers is to be taken back for the one that stands by; empty if it is not. */
    Optional<String> rollback(CatalogueEntry entry, Version active, Version standby, Instant now) {
        Watermark mark = active.watermark();
        Instant activatedAt = active.activatedAt();
        if (mark == null
                || activatedAt == null
                || mark.against() == null
                || mark.against() != standby.version()
                || versions.loaded(entry.id(standby)).isEmpty()) {
            return Optional.empty();
        }
        PairedLoss paired = health.paired(entry.id(standby), entry.id(active)).since(mark.paired());
        return rollback.judge(paired, Duration.between(activatedAt, now));
    }

    /** Why the version that answers is stale, as of the losses that have come by now; empty if it is not. */
    Optional<Cause> staleness(CatalogueEntry entry, Version active) {
        ModelVersion id = entry.id(active);
        LossMoments total = health.loss().getOrDefault(id, LossMoments.NONE);
        Watched watch = watched.get(entry.model());
        if (watch == null || !watch.version().equals(id)) {
            OptionalDouble promise = manifest(id)
                    .map(manifest -> manifest.metrics().get(GateRule.PROMISE))
                    .map(OptionalDouble::of)
                    .orElseGet(OptionalDouble::empty);
            watch = new Watched(id, new StalenessWatch(staleness, promise, total));
            watched.put(entry.model(), watch);
        }
        return watch.watch().observe(total);
    }

    /** What has come since the version went live, and since a training last began beside it. */
    Observed observed(CatalogueEntry entry, Version active) {
        Trained last = trained.get(entry.model());
        Observed sinceLive = sinceLive(entry, active);
        return last != null && last.beside().equals(entry.id(active)) ? sinceLive.since(last.observed()) : sinceLive;
    }

    private Observed sinceLive(CatalogueEntry entry, Version active) {
        Watermark mark = active.watermark();
        if (mark == null) {
            return Observed.NOTHING;
        }
        LossMoments total = health.loss().getOrDefault(entry.id(active), LossMoments.NONE);
        long unknown = health.unknown().getOrDefault(entry.id(active), 0L);
        return new Observed(total.since(mark.loss()).count(), Math.max(0, unknown - mark.unknown()));
    }

    /** A training has begun: what showed staleness has to show it again, and what is enough for a refresh has to come again. */
    void watchAnew(CatalogueEntry entry) {
        watched.remove(entry.model());
        entry.active()
                .ifPresent(
                        active -> trained.put(entry.model(), new Trained(entry.id(active), sinceLive(entry, active))));
    }

    private Optional<Manifest> manifest(ModelVersion version) {
        return versions.loaded(version).map(LoadedVersion::manifest);
    }
}
