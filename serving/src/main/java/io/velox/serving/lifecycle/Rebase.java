package io.velox.serving.lifecycle;

import io.velox.core.log.LogCut;
import io.velox.core.log.UserRecord;
import io.velox.core.log.UserUpdate;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.user.UserModel;
import io.velox.serving.log.LogTail;
import io.velox.serving.log.ObservationLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves every user onto a version: one rebase record for each user that the version's training saw, and for each that the log has
 * seen since, no more of them under way at a time than the pace allows. Users who come later need none, as any record of theirs has the job
 * compute what they lack. Doing it again is harmless.
 *
 * <p>Runs once, on a thread that it may block; {@link #applied} and {@link #cancel} are safe from any thread.
 */
final class Rebase implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Rebase.class);
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final long REPORT_NANOS = Duration.ofSeconds(10).toNanos();

    private final ModelVersion version;
    private final String address;
    private final ModelStore store;
    private final ObservationLog log;
    private final LogTail tail;
    private final RebaseWindow window;
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private volatile boolean isCancelled;
    private long users;
    private long lastReport = System.nanoTime();

    /** @param address of the version's manifest */
    Rebase(ModelVersion version, String address, ModelStore store, ObservationLog log, LogTail tail, RebasePace pace) {
        this.version = version;
        this.address = address;
        this.store = store;
        this.log = log;
        this.tail = tail;
        this.window = new RebaseWindow(pace);
    }

    ModelVersion version() {
        return version;
    }

    /** Completes with the number of users when the job has applied every record; fails with what stopped it. */
    CompletableFuture<Long> done() {
        return done;
    }

    void applied(UserUpdate update) {
        UserModel user = update.model();
        boolean isRebased = user.historySize() == 0 || user.weights(version).isPresent();
        window.applied(user.uid(), user.revision(), isRebased);
    }

    RebaseWindow window() {
        return window;
    }

    void cancel() {
        isCancelled = true;
    }

    @Override
    public void run() {
        long start = System.nanoTime();
        try {
            Manifest manifest = store.readManifest(address);
            store.verifyOthers(manifest);
            LogCut end = tail.end();
            LogCut cut = manifest.cut();
            store.readUsers(manifest, (uid, weights, offset, noise) -> send(uid));
            tail.users(cut == null ? new LogCut(end.epoch(), Map.of()) : cut, end, this::send);
            while (!window.awaitEmpty(PATIENCE)) {
                attend();
            }
            LOG.info("{}: {} users are rebased, in {} ms", version, users, (System.nanoTime() - start) / 1_000_000);
            done.complete(users);
        } catch (InterruptedException e) {
            done.completeExceptionally(new CancellationException("the rebase onto " + version + " was interrupted"));
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
        }
    }

    private void send(String uid) {
        try {
            RebaseWindow.Entry entry = window.enter(uid, PATIENCE);
            while (entry == RebaseWindow.Entry.FULL) {
                attend();
                entry = window.enter(uid, PATIENCE);
            }
            if (entry == RebaseWindow.Entry.ENTERED) {
                users++;
                append(uid);
            }
        } catch (InterruptedException e) {
            throw new CancellationException("the rebase onto " + version + " was interrupted");
        }
        if (isCancelled) {
            throw new CancellationException("the rebase onto " + version + " was cancelled");
        }
    }

    private void append(String uid) {
        UserRecord record = new UserRecord.Rebased(uid, version.model(), version.version(), address);
        var unused = log.append(List.of(record)).whenComplete((positions, error) -> {
            if (error == null) {
                window.sent(uid, positions.get(0));
            } else {
                window.failed(uid);
            }
        });
    }

    /** What is to be done while waiting. */
    private void attend() {
        if (isCancelled) {
            throw new CancellationException("the rebase onto " + version + " was cancelled");
        }
        window.takeFailed().forEach(this::append);
        if (System.nanoTime() - lastReport > REPORT_NANOS) {
            lastReport = System.nanoTime();
            LOG.info("{}: {} users sent to be rebased, {} under way", version, users, window.underWay());
        }
    }
}
