package io.velox.job.catalogue;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the catalogue topic from its beginning to the end that it has when the reading begins, committed records only. */
public record KafkaCatalogueSnapshot(String bootstrapServers, String topic, Duration deadline)
        implements CatalogueSnapshot {
    private static final Duration POLL = Duration.ofMillis(200);

    @Override
    public Catalogue read() {
        TopicPartition partition = new TopicPartition(topic, 0);
        long giveUpAt = System.nanoTime() + deadline.toNanos();
        List<CatalogueRecord> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition), deadline).getOrDefault(partition, 0L);
            consumer.seekToBeginning(List.of(partition));
            while (consumer.position(partition, deadline) < end) {
                if (System.nanoTime() > giveUpAt) {
                    throw unavailable("was not read to its end within " + deadline.toMillis() + " ms", null);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    CatalogueRecordDecoder.decode(record).ifPresent(records::add);
                }
            }
        } catch (KafkaException e) {
            throw unavailable("cannot be read: " + e.getMessage(), e);
        }
        return Catalogue.of(records);
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "velox-job-catalogue-snapshot");
        return properties;
    }

    private VeloxException unavailable(String what, @Nullable Throwable cause) {
        String message = "the catalogue topic " + topic + " at " + bootstrapServers + " " + what
                + "; is the broker up, and has Velox created its topics?";
        return cause == null
                ? new VeloxException(ErrorCode.LOG_UNAVAILABLE, message)
                : new VeloxException(ErrorCode.LOG_UNAVAILABLE, message, cause);
    }
}
