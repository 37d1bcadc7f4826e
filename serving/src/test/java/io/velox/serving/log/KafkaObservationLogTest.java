package io.velox.serving.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import io.velox.core.user.Revision;
import io.velox.serving.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaObservationLogTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final KafkaObservationLog log =
            new KafkaObservationLog(producer, "t", new UserPartitions(3, 1), 10, Duration.ofSeconds(5));

    @AfterEach
    void close() {
        log.close();
    }

    private static List<UserRecord> forgotten(int count) {
        return IntStream.range(0, count)
                .<UserRecord>mapToObj(i -> new UserRecord.Forgotten("u" + i))
                .toList();
    }

    private void acknowledge(int count) {
        Eventually.await("a record is sent", () -> producer.history().size() >= count);
        for (int i = 0; i < count; i++) {
            Eventually.await("a record is acknowledged", producer::completeNext);
        }
    }

    private static ErrorCode failure(CompletableFuture<?> future) {
        try {
            future.join();
        } catch (CompletionException e) {
            return ((VeloxException) e.getCause()).code();
        }
        throw new AssertionError("should have failed");
    }

    @Test
    void positionsComeInTheOrderOfTheRecordsWhenAllAreAcknowledged() throws IOException {
        CompletableFuture<List<Revision>> written = log.append(forgotten(3));
        acknowledge(2);
        assertThat(written).isNotDone();
        acknowledge(1);
        assertThat(written.join()).containsExactly(new Revision(3, 0, 0), new Revision(3, 0, 1), new Revision(3, 0, 2));
        ProducerRecord<byte[], byte[]> record = producer.history().get(1);
        assertThat(RecordKey.uid(record.key())).contains("u1");
        assertThat(RecordCodec.read(record.value(), UserRecord.class)).isEqualTo(new UserRecord.Forgotten("u1"));
    }

    @Test
    void everyRecordHasAKeyOfItsOwnAndTheUsersPartition() {
        UserPartitions partitions = new UserPartitions(0, 7);
        MockProducer<byte[], byte[]> sevenfold =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        try (KafkaObservationLog seven =
                new KafkaObservationLog(sevenfold, "t", partitions, 10, Duration.ofSeconds(5))) {
            seven.append(List.of(new UserRecord.Forgotten("u"), new UserRecord.Forgotten("u")))
                    .orTimeout(5, TimeUnit.SECONDS)
                    .join();
        }
        assertThat(sevenfold.history())
                .allSatisfy(record -> assertThat(record.partition()).isEqualTo(partitions.of("u")));
        assertThat(sevenfold.history().get(0).key())
                .isNotEqualTo(sevenfold.history().get(1).key());
    }

    @Test
    void oneRecordThatIsNotWrittenFailsTheBatch() {
        CompletableFuture<List<Revision>> written = log.append(forgotten(2));
        acknowledge(1);
        Eventually.await("the second is sent", () -> producer.errorNext(new TimeoutException("no leader")));
        assertThat(failure(written)).isEqualTo(ErrorCode.LOG_UNAVAILABLE);
    }

    @Test
    void moreThanTheBoundIsRefusedUntilSomethingIsAcknowledged() {
        CompletableFuture<List<Revision>> first = log.append(forgotten(8));
        assertThat(failure(log.append(forgotten(3)))).isEqualTo(ErrorCode.OVERLOADED);
        acknowledge(8);
        first.join();
        CompletableFuture<List<Revision>> second = log.append(forgotten(3));
        acknowledge(3);
        assertThat(second.join()).hasSize(3);
    }

    @Test
    void aBatchAboveTheBoundIsTakenAlone() {
        CompletableFuture<List<Revision>> written = log.append(forgotten(25));
        acknowledge(25);
        assertThat(written.join()).hasSize(25);
    }

    @Test
    void anEmptyBatchIsWritten() {
        assertThat(log.append(List.of()).join()).isEmpty();
    }

    /** As a producer does that waits for metadata, or for room in its buffer. */
    private static final class BlockingProducer extends MockProducer<byte[], byte[]> {
        private final CountDownLatch isBlocked = new CountDownLatch(1);
        private final CountDownLatch unblock = new CountDownLatch(1);

        private BlockingProducer() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // so that the test can look at it meanwhile
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            isBlocked.countDown();
            try {
                if (!unblock.await(10, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody unblocked the producer");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return super.send(record, callback);
        }
    }

    @Test
    void aProducerThatBlocksBlocksNoCaller() throws InterruptedException {
        BlockingProducer slow = new BlockingProducer();
        try (KafkaObservationLog patient =
                new KafkaObservationLog(slow, "t", new UserPartitions(0, 1), 10, Duration.ofSeconds(5))) {
            CompletableFuture<List<Revision>> first = patient.append(forgotten(1));
            slow.isBlocked.await();
            CompletableFuture<List<Revision>> second = patient.append(forgotten(1));
            assertThat(first).isNotDone();
            slow.unblock.countDown();
            assertThat(first.join()).hasSize(1);
            assertThat(second.join()).hasSize(1);
        }
    }

    @Test
    void whatHasWaitedTooLongIsRefusedUnsent() throws InterruptedException {
        BlockingProducer slow = new BlockingProducer();
        try (KafkaObservationLog impatient =
                new KafkaObservationLog(slow, "t", new UserPartitions(0, 1), 10, Duration.ofMillis(200))) {
            CompletableFuture<List<Revision>> first = impatient.append(forgotten(1));
            slow.isBlocked.await();
            CompletableFuture<List<Revision>> second = impatient.append(forgotten(1));
            long accepted = System.nanoTime();
            Eventually.await("patience is over", () -> System.nanoTime() - accepted > 300_000_000);
            slow.unblock.countDown();
            assertThat(failure(second)).isEqualTo(ErrorCode.LOG_UNAVAILABLE);
            assertThat(first.join()).hasSize(1);
        }
        assertThat(slow.history()).hasSize(1);
    }

    @Test
    void whateverTheProducerThrowsFailsOneBatchOnly() {
        producer.sendException = new UnsupportedOperationException("of no kind that Kafka documents");
        assertThat(failure(log.append(forgotten(1)).orTimeout(5, TimeUnit.SECONDS)))
                .isEqualTo(ErrorCode.LOG_UNAVAILABLE);
        producer.sendException = null;
        CompletableFuture<List<Revision>> next = log.append(forgotten(1));
        acknowledge(1);
        assertThat(next.join()).hasSize(1);
    }

    @Test
    void aClosedLogRefuses() {
        log.close();
        assertThat(failure(log.append(forgotten(1)))).isEqualTo(ErrorCode.LOG_UNAVAILABLE);
    }
}
