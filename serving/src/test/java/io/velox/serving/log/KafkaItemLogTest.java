package io.velox.serving.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.item.Metadata;
import io.velox.core.log.ItemKey;
import io.velox.core.log.ItemRecord;
import io.velox.core.log.RecordCodec;
import io.velox.serving.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaItemLogTest {
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final KafkaItemLog log = new KafkaItemLog(producer, "t", 10, Duration.ofSeconds(5));

    @AfterEach
    void close() {
        log.close();
    }

    private static ItemRecord record(String item) {
        return new ItemRecord("als", item, Metadata.NONE, Instant.EPOCH);
    }

    @Test
    void registrationsComeUnderTheirItemsKeyAndRevisionsAreTheirOffsets() throws IOException {
        CompletableFuture<List<Long>> written = log.append(List.of(record("a"), record("b")));
        CompletableFuture<Long> removed = log.remove(new ItemKey("als", "a"));
        for (int i = 0; i < 3; i++) {
            assertThat(removed).isNotDone();
            Eventually.await("a record is acknowledged", producer::completeNext);
        }

        assertThat(written.join()).containsExactly(0L, 1L);
        assertThat(removed.join()).isEqualTo(2);
        assertThat(producer.history().get(1).key()).asString(UTF_8).isEqualTo("als/b");
        assertThat(RecordCodec.read(producer.history().get(1).value(), ItemRecord.class))
                .isEqualTo(record("b"));
        assertThat(producer.history().get(2).key()).asString(UTF_8).isEqualTo("als/a");
        assertThat(producer.history().get(2).value()).isNull();
    }

    @Test
    void whatTheTopicDoesNotTakeFails() {
        CompletableFuture<List<Long>> written = log.append(List.of(record("a")));
        Eventually.await("the record is refused", () -> producer.errorNext(new TimeoutException("no leader")));

        assertThatThrownBy(written::join)
                .hasMessageContaining("the log of items (t) did not take the records")
                .hasMessageContaining("no leader");
        assertThat(log.append(List.of()).join()).isEmpty();
    }
}
