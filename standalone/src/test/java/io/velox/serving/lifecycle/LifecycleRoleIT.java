package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.LogCut;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelKind;
import io.velox.serving.VeloxServer;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.TopicSetup;
import io.velox.standalone.EmbeddedKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lifecycle's role among nodes of a real broker. */
@Timeout(120)
class LifecycleRoleIT {
    private static final Duration DEADLINE = Duration.ofSeconds(40);

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static KafkaClients clients;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private VeloxConfiguration configuration;

    @BeforeAll
    static void startKafka() throws IOException {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), new EmbeddedKafka.KafkaPorts(freePort(), freePort()));
        clients = new KafkaClients(kafka.bootstrapServers());
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void createTopics(TestInfo test) {
        configuration = configuration(test.getTestMethod().orElseThrow().getName());
        TopicSetup.ensure(configuration);
    }

    private static VeloxConfiguration configuration(String prefix) {
        return ConfigurationReader.read(
                Optional.empty(),
                Map.of(
                        "VELOX_KAFKA_BOOTSTRAP_SERVERS",
                        kafka.bootstrapServers(),
                        "VELOX_KAFKA_TOPIC_PREFIX",
                        prefix,
                        "VELOX_STORE_ROOT",
                        folder.resolve(prefix).toUri().toString(),
                        "VELOX_SERVING_PORT",
                        "0",
                        "VELOX_SERVING_MANAGEMENT_PORT",
                        "0",
                        "VELOX_MODELS",
                        "{taste: {kind: linear, length: 2, intercept: true, regularization: 1, noise: 1}}"));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : opened) {
            part.close();
        }
    }

    /** A node with nothing but the role: in each term it goes on counting where the catalogue says that the last writer stopped. */
    private final class Node implements AutoCloseable {
        private final Deque<Count> counts = new ConcurrentLinkedDeque<>();
        private final LifecycleRole role;
        private volatile CountDownLatch awake = new CountDownLatch(0);

        Node(Map<String, Object> settings) {
            this.role = new LifecycleRole(
                            () -> member(settings),
                            configuration.kafka().topics().catalogue(),
                            () -> {
                                Count count = new Count(this);
                                counts.add(count);
                                return count;
                            })
                    .start();
            opened.add(this);
        }

        /** From now on its thread stands still. */
        void fallAsleep() {
            awake = new CountDownLatch(1);
        }

        void wakeUp() {
            awake.countDown();
        }

        boolean isCounting() {
            return !counts.isEmpty() && counts.getLast().isOpen;
        }

        @Override
        public void close() {
            wakeUp();
            role.close();
        }
    }

    private final class Count implements LifecycleRole.Term {
        private final Node node;
        private final CatalogueWriter writer;
        private int number;
        private volatile boolean isOpen = true;

        Count(Node node) {
            this.node = node;
            this.writer = CatalogueWriter.begin(
                    () -> clients.transactionalProducer(
                            "test", configuration.kafka().topics().lifecycle()),
                    configuration.kafka().topics().catalogue(),
                    System::nanoTime);
            this.number = CatalogueFeed.read(
                            () -> clients.consumer("test"),
                            configuration.kafka().topics().catalogue(),
                            Duration.ofSeconds(10))
                    .values()
                    .stream()
                    .mapToInt(LifecycleRoleIT::number)
                    .findFirst()
                    .orElse(0);
        }

        void next() {
            writer.write(CatalogueEntry.of("count", ModelKind.ALS)
                    .with(new CatalogueEntry.Training(number + 1, Instant.EPOCH, new LogCut(0, Map.of(0, 0L)), null)));
            number++;
        }

        @Override
        public boolean isOver() {
            try {
                node.awake.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return writer.isOver();
        }

        @Override
        public void close() {
            writer.close();
            isOpen = false;
        }
    }

    private static int number(CatalogueEntry entry) {
        return entry.currentTraining().orElseThrow().version();
    }

    /** A member of the group as nodes are, with other settings here and there. */
    private Consumer<byte[], byte[]> member(Map<String, Object> others) {
        if (others.isEmpty()) {
            return clients.member("test", configuration.kafka().topics().lifecycle(), "");
        }
        Map<String, Object> settings = new HashMap<>(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                configuration.kafka().topics().lifecycle(),
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                6_000,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                500));
        settings.putAll(others);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Every number that was ever written, in the order of the catalogue. */
    private List<Integer> written() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        TopicPartition partition =
                new TopicPartition(configuration.kafka().topics().catalogue(), 0);
        try (Consumer<byte[], byte[]> consumer = clients.consumer("test")) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    numbers.add(number(RecordCodec.read(record.value(), CatalogueEntry.class)));
                }
            }
        }
        return numbers;
    }

    private static void assertOver(Count count) {
        assertThatThrownBy(count::next).isInstanceOfSatisfying(VeloxException.class, e -> assertThat(e.code())
                .isEqualTo(ErrorCode.NOT_THE_LIFECYCLE));
    }

    @Test
    void theRoleMovesWhenItsHolderStopsAndNotWhenAnotherJoins() throws Exception {
        Node first = new Node(Map.of());
        await("the first node has the role", first::isCounting);
        first.counts.getLast().next();
        first.counts.getLast().next();
        Node second = new Node(Map.of());
        await("the second node is in the group", () -> members() == 2);
        first.counts.getLast().next();
        assertThat(first.counts).as("it has had the role all the time").hasSize(1);
        assertThat(second.counts).isEmpty();

        Count old = first.counts.getLast();
        first.close();
        await("the second node has the role", second::isCounting);
        second.counts.getLast().next();
        assertOver(old);
        assertThat(written()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aHolderThatWasAsleepIsFencedAndGivesTheRoleUp() throws Exception {
        Node sleeper = new Node(Map.of(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 3_000));
        await("the first node has the role", sleeper::isCounting);
        Count old = sleeper.counts.getLast();
        old.next();
        Node other = new Node(Map.of());
        await("the other node is in the group", () -> members() == 2);
        sleeper.fallAsleep();
        await("the other node has the role", other::isCounting);
        other.counts.getLast().next();
        assertOver(old);
        assertOver(old);
        other.counts.getLast().next();

        sleeper.wakeUp();
        await("the sleeper knows", () -> !sleeper.isCounting());
        await("the sleeper is in the group again", () -> members() == 2);
        other.counts.getLast().next();
        assertThat(sleeper.counts).as("it has not taken the role back").hasSize(1);
        other.close();
        await("the sleeper has the role again", sleeper::isCounting);
        sleeper.counts.getLast().next();
        assertThat(written()).as("each wrote on from the last word").containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void aNodeAloneHasTheRoleAtOnceAfterItWasKilled() {
        String group = configuration.kafka().topics().lifecycle();
        String topic = configuration.kafka().topics().catalogue();
        Consumer<byte[], byte[]> killed = clients.member("test", group, "alone");
        opened.add(killed);
        killed.subscribe(List.of(topic));
        await("it has the role", () -> {
            killed.poll(Duration.ofMillis(100));
            return !killed.assignment().isEmpty();
        });
        try (Consumer<byte[], byte[]> again = clients.member("test", group, "alone")) {
            again.subscribe(List.of(topic));
            int polls = 0;
            while (again.assignment().isEmpty()) {
                again.poll(Duration.ofMillis(100));
                polls++;
            }
            assertThat(polls)
                    .as("its former self is not waited for, for ten seconds")
                    .isLessThan(50);
        }
    }

    private int members() {
        try (var admin = clients.admin("test")) {
            String group = configuration.kafka().topics().lifecycle();
            return admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get()
                    .members()
                    .size();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Which nobody asks for anything here. */
    private static final class NoTrainer implements Trainer {
        @Override
        public CompletableFuture<Void> train(Request request) {
            throw new AssertionError(request);
        }

        @Override
        public CompletableFuture<Void> compact(Optional<LogCut> settled, Duration grace) {
            throw new AssertionError("nothing is to be compacted");
        }

        @Override
        public Optional<Instant> readingSince() {
            return Optional.empty();
        }

        @Override
        public void endAll(String reason) {}

        @Override
        public void close() {}
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HttpClient.newHttpClient()
                    .send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> retrain(VeloxServer node) {
        return send(HttpRequest.newBuilder(node.api().resolve("/v1/models/taste/retrain"))
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private static String metrics(VeloxServer node) {
        return send(HttpRequest.newBuilder(node.management().resolve("/metrics")))
                .body();
    }

    @Test
    void aNodeWithoutTheRoleServesAndNamesTheNodeThatHasIt() {
        VeloxServer first = VeloxServer.start(configuration, new NoTrainer());
        opened.add(first);
        await("the first node runs the lifecycle", () -> retrain(first).statusCode() == 409);
        VeloxServer second = VeloxServer.start(configuration, new NoTrainer());
        opened.add(second);
        URI holder = first.api();
        await("the second node knows", () -> retrain(second).body().contains("ask the one at " + holder));
        HttpResponse<String> refusal = retrain(second);
        assertThat(refusal.statusCode()).isEqualTo(503);
        assertThat(refusal.body()).contains("\"code\":\"NOT_THE_LIFECYCLE\"");
        assertThat(refusal.headers().firstValue("Retry-After")).contains("1");
        assertThat(send(HttpRequest.newBuilder(second.api().resolve("/v1/models/taste")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(metrics(first))
                .contains("velox_rebase_window", "velox_rebase_underway", "velox_forgetting_failures");
        assertThat(metrics(second)).doesNotContain("velox_rebase_window", "velox_forgetting_failures");

        first.close();
        await("the second node runs the lifecycle", () -> retrain(second).statusCode() == 409);
        assertThat(metrics(second)).contains("velox_rebase_window", "velox_forgetting_failures");
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + DEADLINE + " in vain until " + what);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
