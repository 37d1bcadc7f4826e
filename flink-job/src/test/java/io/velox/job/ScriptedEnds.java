package io.velox.job;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.ItemUpdate;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.UserUpdate;
import io.velox.job.catalogue.Catalogue;
import io.velox.job.catalogue.CatalogueRecord;
import io.velox.job.catalogue.CatalogueRecordSerializer;
import io.velox.job.catalogue.CatalogueSnapshot;
import io.velox.job.log.LogRecord;
import io.velox.job.log.LogRecordSerializer;
import io.velox.job.log.SerializerTypeInformation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Ends in memory: a log of a fixed number of records that are computed from their index, a catalogue of one record that never ends,
 * and outputs that the test can read. The job fails on purpose, {@code failures} times, once in each
 * attempt, each time after a further checkpoint.
 */
record ScriptedEnds(
        GeneratorFunction<Long, LogRecord> log, long records, double perSecond, CatalogueRecord catalogue, int failures)
        implements JobEnds {
    static final Queue<UserUpdate> UPDATES = new ConcurrentLinkedQueue<>();
    static final Queue<ItemUpdate> ITEM_UPDATES = new ConcurrentLinkedQueue<>();
    static final Queue<HealthRecord> HEALTH = new ConcurrentLinkedQueue<>();
    static final AtomicInteger FAILED = new AtomicInteger();

    static void reset() {
        UPDATES.clear();
        ITEM_UPDATES.clear();
        HEALTH.clear();
        FAILED.set(0);
    }

    @Override
    public DataStream<LogRecord> observations(StreamExecutionEnvironment env) {
        DataGeneratorSource<LogRecord> source = new DataGeneratorSource<>(
                log,
                records,
                RateLimiterStrategy.perSecond(perSecond),
                SerializerTypeInformation.of(LogRecord.class, LogRecordSerializer.INSTANCE));
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), "scripted log")
                .uid("scripted-log")
                .map(new Failing(failures))
                .returns(SerializerTypeInformation.of(LogRecord.class, LogRecordSerializer.INSTANCE))
                .uid("failing");
    }

    @Override
    public DataStream<CatalogueRecord> catalogue(StreamExecutionEnvironment env) {
        FixedCatalogue fixed = catalogueSnapshot();
        DataGeneratorSource<CatalogueRecord> source = new DataGeneratorSource<>(
                index -> fixed.record(),
                Long.MAX_VALUE,
                RateLimiterStrategy.perSecond(2),
                SerializerTypeInformation.of(CatalogueRecord.class, CatalogueRecordSerializer.INSTANCE));
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), "scripted catalogue")
                .uid("scripted-catalogue")
                .setParallelism(1);
    }

    @Override
    public FixedCatalogue catalogueSnapshot() {
        return new FixedCatalogue(catalogue.position(), RecordCodec.write(catalogue.entry()));
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

    @SuppressWarnings("ArrayRecordComponent")
    record FixedCatalogue(long position, byte[] entry) implements CatalogueSnapshot {
        @Override
        public Catalogue read() {
            return Catalogue.of(List.of(record()));
        }

        CatalogueRecord record() {
            try {
                return new CatalogueRecord(position, RecordCodec.read(entry, CatalogueEntry.class));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
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

    private static final class Failing extends RichMapFunction<LogRecord, LogRecord> implements CheckpointListener {
        private static final long serialVersionUID = 1L;

        private final int failures;
        private transient boolean hasCheckpoint;

        Failing(int failures) {
            this.failures = failures;
        }

        @Override
        public LogRecord map(LogRecord record) {
            int attempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
            if (hasCheckpoint && attempt < failures && FAILED.compareAndSet(attempt, attempt + 1)) {
                throw new IllegalStateException("failing on purpose at " + record.position());
            }
            return record;
        }

        @Override
        public void notifyCheckpointComplete(long checkpoint) {
            hasCheckpoint = true;
        }
    }
}
