package io.velox.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class EmbeddedKafkaIT {
    @TempDir
    private Path directory;

    @Test
    void whatWasAcknowledgedIsThereAfterARestartOnTheSamePort() throws Exception {
        String address;
        String identity;
        try (EmbeddedKafka kafka = start()) {
            address = kafka.bootstrapServers();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
                admin.createTopics(List.of(new NewTopic("log", 2, (short) 1)))
                        .all()
                        .get(20, TimeUnit.SECONDS);
            }
            produce(address, "a", "b", "c");
            assertThat(consume(address, "first", 3)).containsExactlyInAnyOrder("a", "b", "c");
            identity = Files.readString(directory.resolve("kafka/meta.properties"));
        }
        try (EmbeddedKafka kafka = start()) {
            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            assertThat(Files.readString(directory.resolve("kafka/meta.properties")))
                    .isEqualTo(identity);
            produce(address, "d");
            assertThat(consume(address, "second", 4)).containsExactlyInAnyOrder("a", "b", "c", "d");
            assertThat(kafka.failure()).isNotDone();
        }
    }

    @Test
    void transactionsWorkOnOneNode() throws Exception {
        try (EmbeddedKafka kafka = start()) {
            String address = kafka.bootstrapServers();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
                admin.createTopics(List.of(new NewTopic("log", 1, (short) 1)))
                        .all()
                        .get(20, TimeUnit.SECONDS);
            }
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", address, "transactional.id", "writer", "linger.ms", 0),
                    new StringSerializer(),
                    new StringSerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("log", "k", "aborted")).get(20, TimeUnit.SECONDS);
                producer.abortTransaction();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("log", "k", "committed")).get(20, TimeUnit.SECONDS);
                producer.commitTransaction();
            }
            assertThat(consume(address, "reader", 1)).containsExactly("committed");
        }
    }

    private EmbeddedKafka start() {
        return EmbeddedKafka.start(
                directory.resolve("kafka"),
                EmbeddedKafka.KafkaPorts.take(
                        new Ports(directory.resolve("ports.properties"), new SplittableRandom())));
    }

    private static void produce(String address, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address, "acks", "all", "linger.ms", 0),
                new StringSerializer(),
                new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>("log", value, value)).get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static List<String> consume(String address, String group, int count) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        address,
                        "group.id",
                        group,
                        "auto.offset.reset",
                        "earliest",
                        "isolation.level",
                        "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("log"));
            List<String> values = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < count && System.nanoTime() < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }
}
