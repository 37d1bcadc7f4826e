package io.velox.serving.bulk;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.user.Revision;
import io.velox.serving.bulk.BulkProgress.LineProblem;
import io.velox.serving.log.ObservationLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Appends batches in order, several of them on their way at a time, and counts those that have arrived, in order too. Confined to one
 * thread, which waits while {@link #MAX_OUTSTANDING_COST} is reached.
 */
final class BulkAppender {
    /** About how many bytes of heap the batches on their way may hold. */
    static final int MAX_OUTSTANDING_COST = 4 << 20;

    /** Longer than the log's own patience, so that it only ever ends what has lost its own. */
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private record Outstanding(
            int lines, int refused, int cost, List<LineProblem> problems, CompletableFuture<List<Revision>> written) {}

    private final ObservationLog log;
    private final BulkMetrics metrics;
    private final Runnable onFailure;
    private final Queue<Outstanding> outstanding = new ArrayDeque<>();
    private int outstandingCost;

    private volatile boolean hasFailed;

    private long lines;
    private long accepted;
    private long refused;
    private final List<LineProblem> problems = new ArrayList<>();
    private final SortedMap<Integer, Revision> lastPositions = new TreeMap<>();

    /** {@code onFailure}: called, by any thread, as soon as the log fails, which {@link #append} or {@link #settle} then reports. */
    BulkAppender(ObservationLog log, BulkMetrics metrics, Runnable onFailure) {
        this.log = log;
        this.metrics = metrics;
        this.onFailure = onFailure;
    }

    /**
     * Appends a batch.
     *
     * @throws VeloxException of the log, for this batch or one before it
     */
    void append(Batch batch) {
        if (hasFailed) {
            // Nothing more, so that no later line of a user gets in front of one that is to be sent again.
            settle();
        }
        while (!outstanding.isEmpty()
                && (outstandingCost + batch.cost() > MAX_OUTSTANDING_COST
                        || outstanding.peek().written().isDone())) {
            settleOldest();
        }
        CompletableFuture<List<Revision>> written = log.append(batch.records());
        outstanding.add(new Outstanding(batch.lines(), batch.refused(), batch.cost(), batch.problems(), written));
        outstandingCost += batch.cost();
        var unused = written.whenComplete((positions, error) -> {
            if (error != null) {
                hasFailed = true;
                onFailure.run();
            }
        });
    }

    /** Waits for what is on its way; fails as {@link #append} does. */
    void settle() {
        while (!outstanding.isEmpty()) {
            settleOldest();
        }
    }

    private void settleOldest() {
        Outstanding oldest = outstanding.remove();
        List<Revision> positions = await(oldest.written());
        outstandingCost -= oldest.cost();
        lines += oldest.lines();
        accepted += positions.size();
        refused += oldest.refused();
        problems.addAll(oldest.problems());
        positions.forEach(position -> lastPositions.put(position.partition(), position));
        metrics.settled(positions.size(), oldest.refused());
    }

    private static List<Revision> await(CompletableFuture<List<Revision>> written) {
        try {
            return written.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof VeloxException cause
                    ? cause
                    : new VeloxException(ErrorCode.INTERNAL, "the log failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new VeloxException(
                    ErrorCode.LOG_UNAVAILABLE, "the log did not answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VeloxException(ErrorCode.LOG_UNAVAILABLE, "interrupted while waiting for the log", e);
        }
    }

    /** What is known to be in the log, without a line missing in between. */
    BulkProgress progress() {
        return new BulkProgress(
                lines, accepted, refused, problems, refused - problems.size(), List.copyOf(lastPositions.values()));
    }
}
