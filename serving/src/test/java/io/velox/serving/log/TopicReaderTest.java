package io.velox.serving.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.serving.Eventually;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicReaderTest {
    private final FakeTopic topic = new FakeTopic("t", 2, 0);
    private final List<String> read = new CopyOnWriteArrayList<>();
    private final TopicReader.Listener listener = new TopicReader.Listener() {
        @Override
        public void record(ConsumerRecord<byte[], byte[]> record) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (key.equals("bad")) {
                throw new IllegalArgumentException("a bad record");
            }
            read.add(key);
        }

        @Override
        public void gap() {
            read.add("gap");
        }
    };
    private TopicReader reader = new TopicReader("test", topic::consumer, "t", TopicReader.Start.BEGINNING, listener);

    @AfterEach
    void close() {
        reader.close();
        assertThat(topic.isConsumerClosed()).isTrue();
    }

    private void startAtEnd() {
        reader = new TopicReader("test", topic::consumer, "t", TopicReader.Start.END, listener);
        reader.start();
        reader.ready().orTimeout(5, TimeUnit.SECONDS).join();
    }

    @Test
    void fromTheBeginningItIsReadyWhenAllThatWasThereHasBeenDelivered() {
        topic.add(0, "a", null);
        topic.add(1, "b", null);
        reader.start();
        reader.ready().orTimeout(5, TimeUnit.SECONDS).join();
        assertThat(read).containsExactlyInAnyOrder("a", "b");
        topic.add(0, "c", null);
        Eventually.await("c is read", () -> read.contains("c"));
    }

    @Test
    void fromTheEndItIsReadyWhenItIsPositionedAndReadsWhatComesThen() {
        startAtEnd();
        topic.add(1, "a", null);
        Eventually.await("a is read", () -> read.equals(List.of("a")));
    }

    @Test
    void failingPollsAreTriedAgain() {
        startAtEnd();
        topic.failNextPoll(new KafkaException("the broker is gone"));
        topic.add(0, "a", null);
        Eventually.await("a is read", () -> read.equals(List.of("a")));
    }

    @Test
    void recordsThatWereRemovedAreAGapAndReadingGoesOnBehindIt() {
        startAtEnd();
        topic.fail(0, 0);
        topic.add(1, "a", null);
        Eventually.await("a is read after the gap", () -> read.equals(List.of("gap", "a")));
    }

    @Test
    void aBadRecordCostsOnlyItself() {
        startAtEnd();
        topic.add(0, "bad", null);
        topic.add(0, "a", null);
        Eventually.await("a is read", () -> read.equals(List.of("a")));
    }

    @Test
    void aBadRecordBeforeItIsReadyEndsIt() {
        topic.add(0, "bad", null);
        reader.start();
        assertThatThrownBy(() -> reader.ready().orTimeout(5, TimeUnit.SECONDS).join())
                .hasMessageContaining("a bad record");
    }
}
