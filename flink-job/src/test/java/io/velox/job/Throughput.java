package io.velox.job;

import com.sun.management.OperatingSystemMXBean;
import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.ItemUpdate;
import io.velox.core.log.UserUpdate;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.ModelStore;
import io.velox.job.catalogue.Catalogue;
import io.velox.job.catalogue.CatalogueRecord;
import io.velox.job.catalogue.CatalogueRecordSerializer;
import io.velox.job.catalogue.CatalogueSnapshot;
import io.velox.job.log.LogRecord;
import io.velox.job.log.LogRecordDecoder;
import io.velox.job.log.LogRecordSerializer;
import io.velox.job.log.SerializerTypeInformation;
import io.velox.job.log.UserUpdateEncoder;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.util.TestStreamEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How fast the job is without Kafka: the whole topology with RocksDB, checkpoints and archive, from the bytes of log records to the bytes
 * of updates, in the order that is worst for caches: every user once in each round, in another order.
 *
 * <p>{@code Throughput users=70000 records=3000000 model=0|50 cache-mib=128 parallelism=2 buffer-timeout-ms=0}: all optional. Prints
 * observations a second, and processor time an observation, which other work on the machine changes less.
 */
final class Throughput {
    private static final int ITEMS = 10_677;
    private static final ModelVersion VERSION = new ModelVersion("als", 1);
    private static final LongAdder PUBLISHED = new LongAdder();

    private static volatile List<CatalogueRecord> catalogue = List.of();

    private Throughput() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, Long> given = new HashMap<>(Map.of(
                "users",
                70_000L,
                "records",
                3_000_000L,
                "model",
                0L,
                "cache-mib",
                128L,
                "parallelism",
                2L,
                "buffer-timeout-ms",
                0L));
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            given.put(parts[0], Long.parseLong(parts[1]));
        }
        Path folder = Files.createTempDirectory("velox-throughput");
        run(folder, given);
    }

    private static void run(Path folder, Map<String, Long> given) throws Exception {
        int parallelism = given.get("parallelism").intValue();
        VeloxConfiguration configuration = ConfigurationReader.read(
                Optional.empty(),
                Map.of(
                        "VELOX_STORE_ROOT", folder.resolve("store").toUri().toString(),
                        "VELOX_LEARNER_COVARIANCE_CACHE_MIB",
                                given.get("cache-mib").toString(),
                        "VELOX_JOB_PARALLELISM", Integer.toString(parallelism)));
        if (given.get("model") > 0) {
            try (ModelStore store = TestStore.open(folder.resolve("store"))) {
                MatrixFactorModel model = TestModels.factors(
                        VERSION,
                        given.get("model").intValue(),
                        IntStream.range(0, ITEMS).mapToObj(Integer::toString).toList(),
                        new Random(1));
                catalogue = List.of(WriteSavepoint.live(model, TestStore.write(store, model), 0));
            }
        }
        Configuration settings = new Configuration();
        settings.set(RestOptions.BIND_PORT, "0");
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        settings.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofMillis(given.get("buffer-timeout-ms")));
        try (MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(parallelism)
                .setConfiguration(settings)
                .build())) {
            cluster.start();
            StreamExecutionEnvironment env = new TestStreamEnvironment(cluster, parallelism);
            env.configure(settings);
            JobSettings.apply(env, configuration);
            VeloxJob.connect(
                    env,
                    configuration,
                    new Ends(given.get("records"), given.get("users").intValue(), parallelism));
            JobID job =
                    cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
            report(given.get("records"));
            cluster.cancelJob(job).get();
        }
    }

    private static void report(long records) throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long start = 0;
        long startCpu = 0;
        long startCount = 0;
        long lastCount = 0;
        long lastTime = System.nanoTime();
        long lastCpu = 0;
        while (PUBLISHED.sum() < records) {
            Thread.sleep(200);
            long now = System.nanoTime();
            long cpu = system.getProcessCpuTime();
            long count = PUBLISHED.sum();
            if (start == 0 && count > records / 20) { // warm
                start = lastTime = now;
                startCpu = lastCpu = cpu;
                startCount = lastCount = count;
            }
            if (start != 0 && now - lastTime > 5_000_000_000L) {
                print("  so far " + count, count - lastCount, now - lastTime, cpu - lastCpu);
                lastTime = now;
                lastCpu = cpu;
                lastCount = count;
            }
        }
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
        print(
                "all, heap after collection " + heap + " MiB",
                records - startCount,
                System.nanoTime() - start,
                system.getProcessCpuTime() - startCpu);
    }

    private static void print(String what, long count, long nanos, long cpuNanos) {
        System.out.printf(
                "%-40s %,9.0f /s  %6.2f µs of processor time an observation%n",
                what, count * 1e9 / nanos, cpuNanos / 1e3 / count);
    }

    private record Ends(long records, int users, int parallelism) implements JobEnds {
        @Override
        public DataStream<LogRecord> observations(StreamExecutionEnvironment env) {
            DataGeneratorSource<LogRecord> source = new DataGeneratorSource<>(
                    new Log(records / parallelism, users / parallelism),
                    records,
                    RateLimiterStrategy.noOp(),
                    SerializerTypeInformation.of(LogRecord.class, LogRecordSerializer.INSTANCE));
            return env.fromSource(source, WatermarkStrategy.noWatermarks(), "log")
                    .uid("log");
        }

        @Override
        public DataStream<CatalogueRecord> catalogue(StreamExecutionEnvironment env) {
            DataGeneratorSource<CatalogueRecord> source = new DataGeneratorSource<>(
                    index -> catalogue.get(0),
                    Long.MAX_VALUE,
                    MemoryEnds.first(catalogue.size()),
                    SerializerTypeInformation.of(CatalogueRecord.class, CatalogueRecordSerializer.INSTANCE));
            return env.fromSource(source, WatermarkStrategy.noWatermarks(), "catalogue")
                    .uid("catalogue")
                    .setParallelism(1);
        }

        @Override
        public CatalogueSnapshot catalogueSnapshot() {
            return () -> Catalogue.of(catalogue);
        }

        @Override
        public Sink<UserUpdate> userUpdates() {
            return context -> new Encoding();
        }

        @Override
        public Sink<ItemUpdate> itemUpdates() {
            return context -> new Ignoring<>();
        }

        @Override
        public Sink<HealthRecord> health() {
            return context -> new Ignoring<>();
        }
    }

    /** Each subtask's share of the index has a partition and users of its own. */
    private static final class Log implements GeneratorFunction<Long, LogRecord>, Collector<LogRecord> {
        private static final long serialVersionUID = 1L;

        private final LogRecordDecoder decoder = new LogRecordDecoder(0);
        private final long share;
        private final int users;
        private transient LogRecord decoded;

        Log(long share, int users) {
            this.share = share;
            this.users = users;
        }

        @Override
        public LogRecord map(Long index) {
            int partition = (int) (index / share);
            long offset = index % share;
            long round = offset / users;
            long user = users * (long) partition + (offset % users * 48_271 + round * 7_919) % users;
            byte[] uid = Long.toString(user).getBytes(StandardCharsets.UTF_8);
            long item = (user * 7 + round * 75) % ITEMS;
            byte[] json = ("{\"type\":\"observed\",\"uid\":\"" + user + "\",\"item\":\"" + item + "\",\"label\":"
                            + (1 + index % 9 / 2.0) + ",\"timestamp\":" + (1_700_000_000_000L + index) + "}")
                    .getBytes(StandardCharsets.UTF_8);
            decoder.deserialize(new ConsumerRecord<>("log", partition, offset, uid, json), this);
            return decoded;
        }

        @Override
        public void collect(LogRecord record) {
            decoded = record;
        }

        @Override
        public void close() {}
    }

    private static final class Encoding implements SinkWriter<UserUpdate> {
        private final UserUpdateEncoder encoder = new UserUpdateEncoder("updates");

        @Override
        public void write(UserUpdate update, Context context) {
            if (encoder.serialize(update, null, 0L).value().length > 0) {
                PUBLISHED.increment();
            }
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }

    private static final class Ignoring<T> implements SinkWriter<T> {
        @Override
        public void write(T element, Context context) {}

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
