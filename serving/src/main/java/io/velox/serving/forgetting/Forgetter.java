package io.velox.serving.forgetting;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.serving.log.ForgettingSchedule;
import io.velox.serving.log.LogTail;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what was forgotten leave everything that is kept: the log, the weights that training gave, the archive. Run now and then, by
 * the node that holds the lifecycle; a run that finds nothing to do costs the reading of what is new in the log. What a run leaves
 * undone, the next one does. Blocks; single writer.
 */
final class Forgetter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Forgetter.class);

    private final Ports ports;
    private final ForgettingSchedule schedule;
    private final Clock clock;
    private PurgeProgress progress;
    private boolean isRead;
    private volatile boolean isObstructed;
    private final AtomicLong failures = new AtomicLong();
    private volatile Instant lastRun = Instant.EPOCH;
    private final AtomicLong tombstones = new AtomicLong();

    /**
     * What forgetting reads and moves.
     *
     * @param obstacle why the log cannot lose single records; empty when it can
     * @param committed up to where the job's newest checkpoint has applied the log
     * @param tombstones opens a writer of tombstones
     */
    record Ports(
            LogTail tail,
            LogPurge purge,
            Supplier<Optional<String>> obstacle,
            Supplier<LogCut> committed,
            Supplier<Tombstones> tombstones,
            OfflineUsers offlineUsers,
            ArchiveUpkeep archive,
            ProgressFile progress) {}

    Forgetter(Ports ports, int epoch, ForgettingSchedule schedule, Clock clock) {
        this.ports = ports;
        this.schedule = schedule;
        this.clock = clock;
        this.progress = PurgeProgress.start(epoch);
    }

    List<Meter> bindTo(MeterRegistry registry) {
        return List.of(
                Gauge.builder("velox.forgetting.obstructed", () -> isObstructed ? 1 : 0)
                        .description(
                                "1 when the log of observations cannot lose records; the log of the node says what to do")
                        .register(registry),
                Gauge.builder("velox.forgetting.failures", failures::get)
                        .description("runs in a row that left something undone")
                        .register(registry),
                Gauge.builder("velox.forgetting.last.run", () -> lastRun.getEpochSecond())
                        .baseUnit("seconds")
                        .register(registry),
                Gauge.builder("velox.forgetting.tombstones", tombstones::get)
                        .description("written to the log since the start")
                        .register(registry));
    }

    @Override
    public void run() {
        try {
            forget();
            failures.set(0);
        } catch (VeloxException e) {
            failures.incrementAndGet();
            LOG.warn("forgetting goes on with the next run: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failures.incrementAndGet();
            LOG.error("forgetting failed, and is tried again", e);
        }
        lastRun = clock.instant();
    }

    /**
     * One run.
     *
     * @throws VeloxException {@code LOG_UNAVAILABLE}, {@code STORE_UNAVAILABLE}: the rest is for the next run
     */
    void forget() throws InterruptedException {
        if (!isRead) {
            int epoch = progress.found().epoch();
            progress = ports.progress()
                    .read()
                    .filter(p -> p.found().epoch() == epoch)
                    .orElse(progress);
            isRead = true;
        }
        Optional<String> obstacle = ports.obstacle().get();
        obstacle.ifPresent(why -> LOG.warn("the log cannot forget: {}", why));
        isObstructed = obstacle.isPresent();
        find(obstacle.isEmpty());
        if (obstacle.isEmpty()) {
            settle();
            nudge();
        }
        upkeep();
    }

    private void find(boolean mayBury) throws InterruptedException {
        LogCut end = ports.tail().end();
        LogPurge.Finding finding = ports.purge().find(progress.found(), end);
        if (!finding.marks().isEmpty()) {
            if (mayBury) {
                try (Tombstones writer = ports.tombstones().get()) {
                    ports.purge().bury(finding.marks(), end, writer);
                    tombstones.addAndGet(writer.written());
                }
                progress = progress.nudging(clock.instant().plus(schedule.cleanedAfter()));
            }
            boolean isDone = ports.offlineUsers().forget(finding.forgotten());
            LOG.info(
                    "{} records that forget were found in the log up to {}{}",
                    finding.marks().count(),
                    finding.cut(),
                    isDone ? "" : "; some versions will forget their users later");
        }
        if (mayBury && !finding.cut().equals(progress.found())) {
            save(progress.foundTo(finding.cut(), !finding.marks().isEmpty()));
        } else if (!mayBury && !finding.marks().isEmpty()) {
            // The archive follows, but the log is searched again when it can forget.
            save(progress.foundTo(progress.found(), true));
        }
    }

    /** Not before the job's checkpoint has what forgets: a job that goes on from it would never hear of it. */
    private void settle() throws InterruptedException {
        LogCut to = Cuts.lower(progress.found(), ports.committed().get());
        LogPurge.Settling settling =
                ports.purge().settleable(progress.settled(), to, clock.instant().minus(schedule.settledAfter()));
        if (settling.cut().equals(progress.settled())) {
            return;
        }
        if (!ports.offlineUsers().forget(settling.forgotten())) {
            return;
        }
        if (!settling.graves().isEmpty()) {
            try (Tombstones writer = ports.tombstones().get()) {
                ports.purge().settle(settling, writer);
                tombstones.addAndGet(writer.written());
            }
            progress = progress.nudging(clock.instant().plus(schedule.cleanedAfter()));
            LOG.info(
                    "{} records that forgot or rebased users are settled",
                    settling.graves().size());
        }
        save(progress.settledTo(settling.cut(), !settling.graves().isEmpty()));
    }

    private void nudge() throws InterruptedException {
        Instant now = clock.instant();
        if (now.isAfter(progress.nudgeUntil()) || now.isBefore(progress.nudged().plus(schedule.segmentAge()))) {
            return;
        }
        try (Tombstones writer = ports.tombstones().get()) {
            for (int partition : progress.found().endOffsets().keySet()) {
                writer.nudge(partition);
            }
            writer.flush();
        }
        save(progress.nudgedAt(now));
    }

    private void upkeep() throws InterruptedException {
        if (progress.isArchiveBehind()) {
            ports.archive().forget(progress.settled());
            save(progress.withArchiveDone());
        }
    }

    private void save(PurgeProgress next) {
        ports.progress().write(next);
        progress = next;
    }
}
