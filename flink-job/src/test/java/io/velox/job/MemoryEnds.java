package io.velox.job;

import io.velox.core.log.HealthRecord;
import io.velox.core.log.ItemUpdate;
import io.velox.core.log.UserUpdate;
import io.velox.job.catalogue.Catalogue;
import io.velox.job.catalogue.CatalogueRecord;
import io.velox.job.catalogue.CatalogueRecordSerializer;
import io.velox.job.catalogue.CatalogueSnapshot;
import io.velox.job.log.LogRecord;
import io.velox.job.log.LogRecordSerializer;
import io.velox.job.log.SerializerTypeInformation;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Ends in memory: a log and a catalogue that are lists, which are read to their end and stay open then, and outputs that the test can
 * read. For a job of parallelism 1 in this JVM, one at a time.
 *
 * @param name of the log, which a job restored from a savepoint reads from its beginning if the savepoint knows it not
 */
record MemoryEnds(String name) implements JobEnds {
    static final Queue<UserUpdate> UPDATES = new ConcurrentLinkedQueue<>();
    static final Queue<ItemUpdate> ITEM_UPDATES = new ConcurrentLinkedQueue<>();
    static final Queue<HealthRecord> HEALTH = new ConcurrentLinkedQueue<>();

    private static volatile List<LogRecord> log = List.of();
    private static volatile List<CatalogueRecord> changes = List.of();

    /** Ends with this log and this catalogue, and with nothing put out yet. */
    static MemoryEnds of(String name, List<LogRecord> log, List<CatalogueRecord> catalogue) {
        UPDATES.clear();
        ITEM_UPDATES.clear();
        HEALTH.clear();
        MemoryEnds.log = List.copyOf(log);
        changes = List.copyOf(catalogue);
        return new MemoryEnds(name);
    }

    @Override
    public DataStream<LogRecord> observations(StreamExecutionEnvironment env) {
        DataGeneratorSource<LogRecord> source = new DataGeneratorSource<>(
                index -> log.get(index.intValue()),
                Long.MAX_VALUE,
                first(log.size()),
                SerializerTypeInformation.of(LogRecord.class, LogRecordSerializer.INSTANCE));
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), name).uid(name);
    }

    @Override
    public DataStream<CatalogueRecord> catalogue(StreamExecutionEnvironment env) {
        DataGeneratorSource<CatalogueRecord> source = new DataGeneratorSource<>(
                index -> changes.get(index.intValue()),
                Long.MAX_VALUE,
                first(changes.size()),
                SerializerTypeInformation.of(CatalogueRecord.class, CatalogueRecordSerializer.INSTANCE));
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), name + " catalogue")
                .uid(name + "-catalogue")
                .setParallelism(1);
    }

    @Override
    public CatalogueSnapshot catalogueSnapshot() {
        return () -> Catalogue.of(changes);
    }

    @Override
    public Sink<UserUpdate> userUpdates() {
        return context -> new Collecting<>(UPDATES);
    }

    @Override
    public Sink<ItemUpdate> itemUpdates() {
        return context -> new Collecting<>(ITEM_UPDATES);
    }

    @Override
    public Sink<HealthRecord> health() {
        return context -> new Collecting<>(HEALTH);
    }

    /** Lets so many through and no more, while the source stays open. */
    static RateLimiterStrategy<NumberSequenceSource.NumberSequenceSplit> first(int count) {
        return parallelism -> new First(count);
    }

    private static final class First implements RateLimiter<NumberSequenceSource.NumberSequenceSplit> {
        private int left;

        First(int count) {
            this.left = count;
        }

        @Override
        public CompletionStage<Void> acquire(int wanted) {
            left -= wanted;
            return left >= 0 ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
        }
    }

    private record Collecting<T>(Queue<T> queue) implements SinkWriter<T> {
        @Override
        public void write(T element, Context context) {
            queue.add(element);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
