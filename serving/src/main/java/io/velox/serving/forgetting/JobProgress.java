package io.velox.serving.forgetting;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.serving.log.KafkaClients;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Up to where the newest checkpoint of the job has the log applied: the offsets that its source commits with each complete one.
 *
 * @param group of the job's source
 */
record JobProgress(KafkaClients clients, String group, String topic, int epoch) {
    /** @throws VeloxException {@code LOG_UNAVAILABLE} */
    LogCut committed() {
        try (Admin admin = clients.admin("velox-job-progress")) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<Integer, Long> ends = new HashMap<>();
            offsets.forEach((partition, offset) -> {
                if (partition.topic().equals(topic) && offset != null) {
                    ends.put(partition.partition(), offset.offset());
                }
            });
            return new LogCut(epoch, ends);
        } catch (ExecutionException e) {
            throw new VeloxException(
                    ErrorCode.LOG_UNAVAILABLE, "the offsets of group " + group + " cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VeloxException(ErrorCode.LOG_UNAVAILABLE, "interrupted while reading the offsets of " + group, e);
        }
    }
}
