package io.velox.job;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.error.VeloxException;
import io.velox.core.log.ItemUpdate;
import io.velox.core.log.UserUpdate;
import io.velox.job.archive.ArchiveSink;
import io.velox.job.catalogue.CatalogueElement;
import io.velox.job.catalogue.CatalogueElementSerializer;
import io.velox.job.catalogue.CatalogueLoader;
import io.velox.job.catalogue.CatalogueRecord;
import io.velox.job.catalogue.CatalogueSnapshot;
import io.velox.job.catalogue.LoadedVersions;
import io.velox.job.catalogue.StoredVersionReader;
import io.velox.job.item.ItemContribution;
import io.velox.job.item.ItemLearnerFunction;
import io.velox.job.log.ItemUpdateSerializer;
import io.velox.job.log.LogRecord;
import io.velox.job.log.LogRecordSerializer;
import io.velox.job.log.SerializerTypeInformation;
import io.velox.job.log.UserUpdateSerializer;
import io.velox.state.UserStateDescriptors;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** The Flink job of Velox. Its topology is {@link #connect}, which reads from the log to the outputs. */
public final class VeloxJob {
    private static final String USAGE = "usage: VeloxJob [--conf FILE]   (else $VELOX_CONF, else the shipped defaults)";

    private static final TypeInformation<LogRecord> LOG_RECORD =
            SerializerTypeInformation.of(LogRecord.class, LogRecordSerializer.INSTANCE);
    private static final TypeInformation<CatalogueElement> CATALOGUE_ELEMENT =
            SerializerTypeInformation.of(CatalogueElement.class, CatalogueElementSerializer.INSTANCE);
    private static final TypeInformation<UserUpdate> USER_UPDATE =
            SerializerTypeInformation.of(UserUpdate.class, UserUpdateSerializer.INSTANCE);
    private static final TypeInformation<ItemUpdate> ITEM_UPDATE =
            SerializerTypeInformation.of(ItemUpdate.class, ItemUpdateSerializer.INSTANCE);

    private VeloxJob() {}

    /** Runs the job, or submits it: {@code flink run velox-job.jar --conf FILE}. */
    public static void main(String[] arguments) throws Exception {
        VeloxConfiguration configuration;
        try {
            configuration = ConfigurationReader.read(configurationFile(arguments), System.getenv());
        } catch (IllegalArgumentException | VeloxException e) {
            throw new IllegalArgumentException(e.getMessage() + "\n" + USAGE, e);
        }
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        build(env, configuration);
        env.execute(configuration.job().name());
    }

    /**
     * Builds the whole job on {@code env}, which only remains to be executed. The topics must exist when it runs.
     *
     * <p>Settings that {@code env} has already, from the cluster or its operator, are left as they are.
     */
    public static void build(StreamExecutionEnvironment env, VeloxConfiguration configuration) {
        JobSettings.apply(env, configuration);
        connect(env, configuration, new KafkaEnds(configuration.kafka()));
    }

    static void connect(StreamExecutionEnvironment env, VeloxConfiguration configuration, JobEnds ends) {
        CatalogueSnapshot catalogueNow = ends.catalogueSnapshot();

        DataStream<LogRecord> log = ends.observations(env);

        log.sinkTo(ArchiveSink.of(configuration.store())).name("archive").uid("archive");

        SingleOutputStreamOperator<LogRecord> records =
                log.process(new DecodedRecords(), LOG_RECORD).name("decoded").uid("decoded");
        records.getSideOutput(DecodedRecords.UNDECODABLE)
                .sinkTo(new DiscardingSink<>())
                .name("undecodable")
                .uid("undecodable");

        DataStream<CatalogueElement> versions = ends.catalogue(env)
                .keyBy(CatalogueRecord::model)
                .process(
                        new CatalogueLoader(catalogueNow, StoredVersionReader.of(configuration.store())),
                        CATALOGUE_ELEMENT)
                .name("versions")
                .uid("versions")
                .setParallelism(1)
                .setMaxParallelism(1)
                .transform(
                        "heartbeats",
                        CATALOGUE_ELEMENT,
                        new Heartbeats(configuration.job().healthIntervalMs()))
                .uid("heartbeats")
                .setParallelism(1);

        SingleOutputStreamOperator<UserUpdate> updates = records.keyBy(LogRecord::uid, UserStateDescriptors.KEY)
                .connect(versions.broadcast(LoadedVersions.STATE))
                .process(
                        new LearnerFunction(
                                catalogueNow,
                                StoredVersionReader.of(configuration.store()),
                                LearnerSettings.of(configuration)),
                        USER_UPDATE)
                .name("learner")
                .uid("learner");

        updates.sinkTo(ends.userUpdates()).name("user-updates").uid("user-updates");

        DataStream<CatalogueElement> dropped = versions.filter(CatalogueElement.Dropped.class::isInstance)
                .name("dropped-versions")
                .uid("dropped-versions")
                .setParallelism(1);
        updates.getSideOutput(LearnerFunction.OF_ITEMS)
                .keyBy(ItemContribution::key, Types.STRING)
                .connect(dropped.broadcast(ItemLearnerFunction.DROPPED))
                .process(new ItemLearnerFunction(), ITEM_UPDATE)
                .name("items")
                .uid("items")
                .sinkTo(ends.itemUpdates())
                .name("item-updates")
                .uid("item-updates");

        updates.getSideOutput(LearnerFunction.HEALTH)
                .sinkTo(ends.health())
                .name("health")
                .uid("health");
    }

    private static Optional<Path> configurationFile(String[] arguments) {
        if (arguments.length == 2 && arguments[0].equals("--conf")) {
            return Optional.of(Path.of(arguments[1]));
        }
        if (arguments.length != 0) {
            throw new IllegalArgumentException("unknown arguments: " + String.join(" ", arguments));
        }
        return Optional.ofNullable(System.getenv("VELOX_CONF")).map(Path::of);
    }
}
