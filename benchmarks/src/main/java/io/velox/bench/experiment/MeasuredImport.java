package io.velox.bench.experiment;

import static java.util.Objects.requireNonNull;

import io.velox.bench.Setting;
import io.velox.bench.data.RatingLines;
import io.velox.bench.data.RatingTable;
import io.velox.bench.load.BulkUpload;
import io.velox.bench.node.Ends;
import io.velox.bench.node.Progress;
import io.velox.bench.node.StandaloneProcess;
import io.velox.bench.node.Waiting;
import io.velox.bench.report.Plot;
import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.serving.log.UserPartitions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One import into a fresh Velox, watched from outside.
 *
 * @param observations how many
 * @param seconds from the first request until the last observation was applied
 * @param secondsAfterTheLastAnswer of these, those after the last request was answered
 * @param accepted into the log, over time
 * @param applied to keyed state, over time
 */
record MeasuredImport(
        int observations,
        double seconds,
        double secondsAfterTheLastAnswer,
        Progress accepted,
        Progress applied,
        MemoryOverProgress memory) {
    static final int SEGMENTS = 10;

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final int OFFSETS_EVERY_MS = 100;
    private static final int MEMORY_EVERY_MS = 2_000;

    static MeasuredImport run(StandaloneProcess velox, RatingTable ratings, int[] rows, Setting setting)
            throws Exception {
        BulkUpload upload = new BulkUpload(velox.api());
        KafkaConfiguration kafka = velox.kafka();
        Progress accepted = new Progress();
        Progress applied = new Progress();
        MemoryOverProgress memory = new MemoryOverProgress(velox);
        ScheduledExecutorService watch = Executors.newScheduledThreadPool(2, task -> {
            Thread thread = new Thread(task, "bench-watch");
            thread.setDaemon(true);
            return thread;
        });
        try (Ends ends = new Ends(kafka)) {
            Ends.Position start = ends.now();
            accepted.add(0, 0);
            applied.add(0, 0);
            long begin = System.nanoTime();
            Runnable look = () -> {
                Ends.Position now = ends.now();
                double seconds = secondsSince(begin);
                accepted.add(seconds, now.accepted() - start.accepted());
                applied.add(seconds, now.applied() - start.applied());
                memory.progress(now.applied() - start.applied());
            };
            ScheduledFuture<?> looking =
                    watch.scheduleWithFixedDelay(look, OFFSETS_EVERY_MS, OFFSETS_EVERY_MS, TimeUnit.MILLISECONDS);
            ScheduledFuture<?> sampling =
                    watch.scheduleWithFixedDelay(memory::sample, 0, MEMORY_EVERY_MS, TimeUnit.MILLISECONDS);
            Map<Integer, String> receipts = new HashMap<>();
            for (int i = 0; i < SEGMENTS; i++) {
                int from = (int) ((long) rows.length * i / SEGMENTS);
                int to = (int) ((long) rows.length * (i + 1) / SEGMENTS);
                receipts.putAll(upload.send(new RatingLines(ratings, rows, from, to), to - from, from + 1));
                setting.say(String.format("%,d sent, %.0f s", to, secondsSince(begin)));
            }
            double answered = secondsSince(begin);
            awaitLearnt(new VeloxClient(velox.api()), lastUsers(kafka, ratings, rows), receipts);
            double learnt = secondsSince(begin);
            // The last updates may still be on their way to their topic.
            Waiting.until("the updates of " + rows.length + " observations", LONGEST, POLL, () -> {
                failIfDone(looking);
                return applied.last() >= rows.length;
            });
            looking.cancel(false);
            sampling.cancel(false);
            if (applied.last() > rows.length) {
                throw new IllegalStateException(rows.length + " observations were sent, but " + applied.last()
                        + " updates published: the job restarted meanwhile");
            }
            return new MeasuredImport(rows.length, learnt, learnt - answered, accepted, applied, memory);
        } finally {
            watch.shutdownNow();
        }
    }

    /** A watch ends by itself only when it fails. */
    private static void failIfDone(ScheduledFuture<?> watching) {
        if (watching.isDone()) {
            try {
                watching.get();
            } catch (ExecutionException | InterruptedException e) {
                throw new IllegalStateException("the import could not be watched: " + e, e);
            }
        }
    }

    /** The user of the last observation in each partition. */
    private static Map<Integer, String> lastUsers(KafkaConfiguration kafka, RatingTable ratings, int[] rows) {
        UserPartitions partitions = new UserPartitions(kafka.epoch(), kafka.partitions());
        Map<Integer, String> last = new HashMap<>();
        for (int i = rows.length - 1; i >= 0 && last.size() < kafka.partitions(); i--) {
            String uid = ratings.uid(ratings.user(rows[i]));
            last.putIfAbsent(partitions.of(uid), uid);
        }
        return last;
    }

    private static void awaitLearnt(VeloxClient client, Map<Integer, String> users, Map<Integer, String> receipts) {
        receipts.forEach((partition, receipt) -> {
            String uid = requireNonNull(users.get(partition), "a receipt of a partition to which nothing was sent");
            Waiting.until("receipt " + receipt + " of user " + uid, LONGEST, POLL, () -> {
                try {
                    client.userAfter(uid, receipt);
                    return true;
                } catch (VeloxClientException e) {
                    if (!e.code().equals("RECEIPT_TIMEOUT")) {
                        throw e;
                    }
                    return false;
                }
            });
        });
    }

    List<Plot> plots(String title) {
        return List.of(
                new Plot("Import, " + title, "s", "million observations")
                        .line("in the log", accepted.seconds(), accepted.counts(1e-6))
                        .line("in keyed state", applied.seconds(), applied.counts(1e-6)),
                memory.plot("Memory, " + title));
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
