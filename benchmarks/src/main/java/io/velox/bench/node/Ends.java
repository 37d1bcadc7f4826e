package io.velox.bench.node;

import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.log.LogCut;
import io.velox.serving.log.KafkaClients;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the log of observations and the job have come, by the ends of two topics: what was accepted is in the one, and the job writes
 * one update to the other for each record that it has applied.
 *
 * <p>A job that restarts publishes some updates again; {@link Position#lag} would then be less than nothing.
 */
public final class Ends implements AutoCloseable {
    private static final int DEADLINE_SECONDS = 20;

    private final Admin admin;
    private final KafkaConfiguration kafka;

    /** Records accepted and applied since the topics were made. */
    public record Position(long accepted, long applied) {
        public long lag() {
            return accepted - applied;
        }
    }

    public Ends(KafkaConfiguration kafka) {
        this.admin = new KafkaClients(kafka.bootstrapServers()).admin("velox-bench");
        this.kafka = kafka;
    }

    public Position now() {
        // Applied first: what is applied in between is then not missing from what was accepted.
        long applied = sum(kafka.topics().userUpdates());
        return new Position(sum(kafka.topics().observations()), applied);
    }

    /** Everything that has been accepted until now, as a training is told. */
    public LogCut cut() {
        Map<Integer, Long> byPartition = new TreeMap<>();
        ends(kafka.topics().observations())
                .forEach((partition, end) -> byPartition.put(partition.partition(), end.offset()));
        return new LogCut(kafka.epoch(), byPartition);
    }

    private long sum(String topic) {
        return ends(topic).values().stream()
                .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
                .sum();
    }

    private Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> ends(String topic) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition = 0; partition < kafka.partitions(); partition++) {
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        try {
            return admin.listOffsets(ends).all().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the ends of " + topic + " cannot be read: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the ends of " + topic, e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
