package io.velox.job.health;

import io.velox.core.learn.LossMoments;
import io.velox.core.learn.LossStatistics;
import io.velox.core.log.HealthRecord;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import io.velox.job.catalogue.LoadedVersions;
import io.velox.job.learn.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One subtask's account of its losses since the job's first day, and when it is time to report them. Totals of versions that are not
 * loaded are kept, for they may come back. Single writer.
 */
public final class HealthAccount {
    /** An idle subtask reports this often, so that its last report is never older by much. */
    private static final long IDLE_REPORT_MS = 5_000;

    private final SortedMap<ModelVersion, LossStatistics> totals = new TreeMap<>();
    private boolean hasNews = true;
    private long reportedAt;

    /** Takes up totals from a checkpoint; after a change of parallelism a version may come more than once. */
    public void restore(Iterable<VersionTotal> saved) {
        saved.forEach(total -> totals.merge(total.version(), total.loss(), LossStatistics::plus));
    }

    public List<VersionTotal> save() {
        List<VersionTotal> saved = new ArrayList<>(totals.size());
        totals.forEach((version, loss) -> saved.add(new VersionTotal(version, loss)));
        return saved;
    }

    public void add(Outcome outcome) {
        hasNews = true;
        for (Outcome.VersionLoss loss : outcome.losses()) {
            LossStatistics total = totals.getOrDefault(loss.version(), LossStatistics.NONE);
            if (Double.isFinite(total.sum() + loss.loss())) {
                totals.put(loss.version(), total.plus(loss.loss()));
            }
        }
    }

    /** Whether a report at {@code now} (milliseconds since 1970) would say something, or the last one is old. */
    public boolean isDue(long now) {
        return hasNews || now - reportedAt >= IDLE_REPORT_MS;
    }

    public HealthRecord report(ReportingSubtask subtask, long now, LoadedVersions versions) {
        hasNews = false;
        reportedAt = now;
        List<HealthRecord.Version> reported = new ArrayList<>();
        for (VeloxModel model : versions.models()) {
            reported.add(version(model.id(), null));
        }
        versions.rejections().forEach((version, reason) -> reported.add(version(version, reason)));
        return new HealthRecord(
                subtask.job(), subtask.index(), subtask.parallelism(), Instant.ofEpochMilli(now), reported);
    }

    private HealthRecord.Version version(ModelVersion version, @Nullable String rejection) {
        LossStatistics loss = totals.getOrDefault(version, LossStatistics.NONE);
        return new HealthRecord.Version(
                version.model(), version.version(), new LossMoments(loss.count(), loss.sum(), 0), rejection);
    }
}
