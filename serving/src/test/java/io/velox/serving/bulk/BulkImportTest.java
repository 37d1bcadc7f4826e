package io.velox.serving.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.user.Revision;
import io.velox.serving.Eventually;
import io.velox.serving.log.ObservationLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BulkImportTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int MAX_QUEUED_BYTES = 64 << 10;

    /** {@code user item} in each line. */
    private static final class Words implements LineFormat {
        @Override
        public long firstLine() {
            return 1;
        }

        @Override
        public LineParser begin(LineReader lines) {
            return line -> {
                String[] words = new String(line.buffer(), line.start(), line.length(), UTF_8).split(" ", -1);
                if (words.length != 2) {
                    throw VeloxException.ofField(ErrorCode.INVALID_REQUEST, "item", "item is missing");
                }
                return new UserRecord.Observed(words[0], Item.ofId(words[1]), 1, 0, null, null);
            };
        }
    }

    /** A sender that stops when it is told to. */
    private static final class Sender implements BodyStream.Valve {
        private volatile boolean isPaused;
        private volatile long pauses;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // by the sending thread only
        public void pause() {
            isPaused = true;
            pauses++;
        }

        @Override
        public void resume() {
            isPaused = false;
        }
    }

    /** Remembers the last item of each user, and how much was on its way at most; batches arrive when the test says so. */
    private static final class CountingLog implements ObservationLog {
        private final List<CompletableFuture<Void>> gates = new ArrayList<>();
        private final AtomicLong outstanding = new AtomicLong();
        private final Map<String, Long> lastItems = new HashMap<>();
        private volatile long mostOutstanding;
        private volatile long taken;
        private volatile boolean isOpen;
        private volatile boolean isInOrder = true;
        private int batches;
        private volatile int failingBatch = -1;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // synchronized
        public synchronized CompletableFuture<List<Revision>> append(List<? extends UserRecord> records) {
            for (UserRecord record : records) {
                long item = Long.parseLong(((UserRecord.Observed) record).item().text());
                Long before = lastItems.put(record.uid(), item);
                isInOrder &= before == null || before < item;
            }
            long first = taken;
            taken += records.size();
            mostOutstanding = Math.max(mostOutstanding, outstanding.addAndGet(records.size()));
            boolean isFailing = batches++ == failingBatch;
            CompletableFuture<Void> gate = new CompletableFuture<>();
            if (isOpen) {
                gate.completeAsync(() -> null);
            } else {
                gates.add(gate);
            }
            int count = records.size();
            return gate.thenApply(open -> {
                outstanding.addAndGet(-count);
                if (isFailing) {
                    throw new VeloxException(ErrorCode.LOG_UNAVAILABLE, "no leader");
                }
                List<Revision> positions = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    positions.add(new Revision(0, i % 3, first + i));
                }
                return positions;
            });
        }

        synchronized void open() {
            isOpen = true;
            gates.forEach(gate -> gate.complete(null));
        }
    }

    private final Sender sender = new Sender();
    private final CountingLog log = new CountingLog();
    private final BodyStream body = new BodyStream(sender, MAX_QUEUED_BYTES, LONG);

    private CompletableFuture<BulkProgress> imported() {
        return imported(body);
    }

    private CompletableFuture<BulkProgress> imported(BodyStream stream) {
        BulkImport.Options options = new BulkImport.Options(new Words(), false, Optional.empty(), Optional.empty());
        BulkImport bulk = new BulkImport(stream, options, log, new BulkMetrics(new SimpleMeterRegistry()));
        return CompletableFuture.supplyAsync(bulk::run);
    }

    /** Sends some lines of some users as soon as the sender may; returns how many bytes. */
    private long send(long from, long to) {
        long bytes = 0;
        StringBuilder piece = new StringBuilder();
        for (long i = from; i < to; i++) {
            piece.append('u').append(i % 97).append(' ').append(i).append('\n');
            if (piece.length() > 8_000 || i == to - 1) {
                Eventually.await("the sender may go on", () -> !sender.isPaused);
                body.feed(piece.toString().getBytes(UTF_8));
                bytes += piece.length();
                piece.setLength(0);
            }
        }
        return bytes;
    }

    @Test
    void aMillionLinesPassInOrderWithABoundedNumberOnTheirWay() {
        log.open();
        CompletableFuture<BulkProgress> imported = imported();
        send(0, 1_000_000);
        body.end();

        BulkProgress progress = imported.join();

        assertThat(progress.lines()).isEqualTo(1_000_000);
        assertThat(progress.accepted()).isEqualTo(1_000_000);
        assertThat(progress.receipts()).hasSize(3);
        assertThat(log.isInOrder).isTrue();
        assertThat(log.mostOutstanding).isLessThan(BulkAppender.MAX_OUTSTANDING_COST / 256);
    }

    @Test
    void whileTheLogTakesNothingTheSenderIsPausedAndGoesOnAfterwards() {
        CompletableFuture<BulkProgress> imported = imported();
        // More than may be on its way and queued together, so that the sender comes to stand.
        CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> send(0, 100_000));
        Eventually.await("the log is full", () -> log.outstanding.get() > 10_000 && sender.isPaused);
        assertThat(sent).isNotDone();
        assertThat(log.taken).isLessThan(BulkAppender.MAX_OUTSTANDING_COST / 256);

        log.open();
        sent.join();
        body.end();

        assertThat(imported.join().accepted()).isEqualTo(100_000);
        assertThat(sender.pauses).isPositive();
        assertThat(sender.isPaused).isFalse();
    }

    @Test
    void linesThatHaveComeAreAppendedWhileTheSenderIsSilent() {
        log.open();
        CompletableFuture<BulkProgress> imported = imported();
        body.feed("a 1\nb 2\nc".getBytes(UTF_8));
        Eventually.await("two lines are appended", () -> log.taken == 2);
        body.feed(" 3".getBytes(UTF_8));
        body.end();
        assertThat(imported.join().accepted()).isEqualTo(3);
    }

    @Test
    void whenTheLogFailsItIsSaidUpToWhereEverythingArrived() {
        log.failingBatch = 2;
        log.open();
        body.feed("a 1\n".repeat(900).getBytes(UTF_8));
        CompletableFuture<BulkProgress> imported = imported();
        Eventually.await("the first batch is appended", () -> log.taken == 900);
        body.feed("bad\nb 2\n".getBytes(UTF_8));
        Eventually.await("the second batch is appended", () -> log.taken == 901);
        body.feed("c 3\n".getBytes(UTF_8));
        body.end();

        BulkFailure failure = failure(imported);

        assertThat(failure.nextLine()).isEqualTo(903);
        assertThat(failure.progress().accepted()).isEqualTo(901);
        assertThat(failure.progress().refused()).isEqualTo(1);
        assertThat(failure.progress().problems())
                .containsExactly(new BulkProgress.LineProblem(901, "item", "item is missing"));
        assertThat(((VeloxException) failure.reason()).code()).isEqualTo(ErrorCode.LOG_UNAVAILABLE);
    }

    @Test
    void whenTheSenderIsGoneItsWholeLinesAreAppended() {
        log.open();
        CompletableFuture<BulkProgress> imported = imported();
        body.feed("a 1\nb 2\nc 3".getBytes(UTF_8));
        body.fail(new IOException("connection reset"));

        BulkFailure failure = failure(imported);

        assertThat(failure.reason()).isInstanceOf(BodyStream.SenderGoneException.class);
        assertThat(failure.progress().accepted()).isEqualTo(2);
        assertThat(log.taken).isEqualTo(2);
    }

    @Test
    void aSenderThatSendsNothingForTooLongIsGivenUp() {
        log.open();
        BodyStream impatient = new BodyStream(sender, MAX_QUEUED_BYTES, Duration.ofMillis(50));
        impatient.feed("a 1\nb".getBytes(UTF_8));

        BulkFailure failure = failure(imported(impatient));

        assertThat(failure.reason()).isInstanceOf(BodyStream.StalledException.class);
        assertThat(failure.nextLine()).isEqualTo(2);
        assertThat(failure.progress().accepted()).isEqualTo(1);
    }

    @Test
    void afterAFailureTheSenderIsNotLeftStanding() {
        log.failingBatch = 0;
        CompletableFuture<BulkProgress> imported = imported();
        CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> send(0, 200_000));
        Eventually.await("the sender stands", () -> log.outstanding.get() > 10_000 && sender.isPaused);

        log.open();

        assertThat(failure(imported).nextLine()).isEqualTo(1);
        assertThat(sent.join()).isPositive();
    }

    private static BulkFailure failure(CompletableFuture<BulkProgress> imported) {
        Throwable thrown = catchThrowableOfType(RuntimeException.class, imported::join);
        assertThat(thrown).hasCauseInstanceOf(BulkFailure.class);
        return (BulkFailure) thrown.getCause();
    }
}
