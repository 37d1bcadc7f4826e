package io.velox.job;

import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.ItemUpdate;
import io.velox.core.log.Topics;
import io.velox.core.log.UserUpdate;
import io.velox.job.catalogue.CatalogueRecord;
import io.velox.job.catalogue.CatalogueRecordDecoder;
import io.velox.job.catalogue.CatalogueSnapshot;
import io.velox.job.catalogue.KafkaCatalogueSnapshot;
import io.velox.job.log.HealthEncoder;
import io.velox.job.log.ItemUpdateEncoder;
import io.velox.job.log.LogRecord;
import io.velox.job.log.LogRecordDecoder;
import io.velox.job.log.UserUpdateEncoder;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The topics of Velox as the job's sources and sinks. A job without a checkpoint reads its topics from their beginning; updates and
 * health are written at least once, at once.
 */
record KafkaEnds(KafkaConfiguration kafka) implements JobEnds {
    private static final Duration CATALOGUE_DEADLINE = Duration.ofSeconds(30);

    @Override
    public DataStream<LogRecord> observations(StreamExecutionEnvironment env) {
        KafkaSource<LogRecord> source = source(kafka.topics().observations(), new LogRecordDecoder(kafka.epoch()));
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), "observations")
                // The state of another epoch's source is positions in another topic: it does not fit, and is refused.
                .uid("observations" + Topics.suffix(kafka.epoch()));
    }

    @Override
    public DataStream<CatalogueRecord> catalogue(StreamExecutionEnvironment env) {
        KafkaSource<CatalogueRecord> source = source(kafka.topics().catalogue(), new CatalogueRecordDecoder());
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), "catalogue")
                .uid("catalogue")
                .setParallelism(1);
    }

    @Override
    public CatalogueSnapshot catalogueSnapshot() {
        return new KafkaCatalogueSnapshot(
                kafka.bootstrapServers(), kafka.topics().catalogue(), CATALOGUE_DEADLINE);
    }

    @Override
    public Sink<UserUpdate> userUpdates() {
        return sink(new UserUpdateEncoder(kafka.topics().userUpdates()));
    }

    @Override
    public Sink<ItemUpdate> itemUpdates() {
        return sink(new ItemUpdateEncoder(kafka.topics().itemUpdates()));
    }

    @Override
    public Sink<HealthRecord> health() {
        return sink(new HealthEncoder(kafka.topics().health()));
    }

    private <T> KafkaSource<T> source(String topic, KafkaRecordDeserializationSchema<T> decoder) {
        return KafkaSource.<T>builder()
                .setBootstrapServers(kafka.bootstrapServers())
                .setTopics(topic)
                .setGroupId(kafka.topics().jobGroup())
                .setClientIdPrefix(topic)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(decoder)
                .setProperty("isolation.level", "read_committed")
                // A topic's partitions are fixed: new ones would tear users' records apart.
                .setProperty("partition.discovery.interval.ms", "-1")
                .build();
    }

    private <T> KafkaSink<T> sink(KafkaRecordSerializationSchema<T> encoder) {
        return KafkaSink.<T>builder()
                .setBootstrapServers(kafka.bootstrapServers())
                .setRecordSerializer(encoder)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setProperty("linger.ms", "0")
                .build();
    }
}
