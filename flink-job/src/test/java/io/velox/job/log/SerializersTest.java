package io.velox.job.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.learn.LossMoments;
import io.velox.core.learn.LossStatistics;
import io.velox.core.learn.PairedLoss;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.UserRecord;
import io.velox.core.log.UserUpdate;
import io.velox.core.log.VersionState;
import io.velox.core.model.FactorBlock;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import io.velox.job.Seeds;
import io.velox.job.TestModels;
import io.velox.job.TestStore;
import io.velox.job.catalogue.CatalogueElement;
import io.velox.job.catalogue.CatalogueElementSerializer;
import io.velox.job.catalogue.CatalogueRecord;
import io.velox.job.catalogue.CatalogueRecordSerializer;
import io.velox.job.health.PairTotal;
import io.velox.job.health.PairTotalSerializer;
import io.velox.job.health.VersionTotal;
import io.velox.job.health.VersionTotalSerializer;
import io.velox.job.health.WorstUserEntry;
import io.velox.job.health.WorstUserSerializer;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SerializersTest {
    private static final ModelVersion VERSION = new ModelVersion("als", 3);
    private static final Revision POSITION = new Revision(1, 2, 12_345_678_901L);

    static Stream<LogRecord> logRecords() {
        Item data = Item.ofJson(RecordCodec.mapper().createArrayNode().add(1).add(2.5));
        return Stream.of(
                LogRecord.of(POSITION, 5, new UserRecord.Observed("u\u00fc", Item.ofId("i"), 4.5, 7, "id", "shown")),
                LogRecord.of(POSITION, 5, new UserRecord.Observed("u", data, -1, 7, null, null)),
                LogRecord.of(POSITION, 5, new UserRecord.Withdrawn("u", data)),
                LogRecord.of(POSITION, 5, new UserRecord.Rebased("u", "als", 3, "models/als/3/manifest.json")),
                LogRecord.of(POSITION, 5, new UserRecord.Forgotten("u")),
                LogRecord.undecodable(POSITION, 5, "no JSON"));
    }

    @ParameterizedTest
    @MethodSource("logRecords")
    void everyLogRecordSurvivesTheWire(LogRecord record) throws Exception {
        assertThat(roundTrip(LogRecordSerializer.INSTANCE, record)).isEqualTo(record);
    }

    @Test
    void factorsSurviveTheWireBitByBit() throws Exception {
        MatrixFactorModel model = TestModels.factors(VERSION, 3, List.of("a", "b\u00fc", "c"), Seeds.random());
        FactorBlock block = model.factors().blocks().get(0);
        CatalogueElement found =
                roundTrip(CatalogueElementSerializer.INSTANCE, new CatalogueElement.Block(VERSION, 9, 4, block));
        assertThat(found).isInstanceOfSatisfying(CatalogueElement.Block.class, b -> {
            assertThat(b.index()).isEqualTo(4);
            assertThat(b.factors().items()).isEqualTo(block.items());
            assertThat(b.factors().features()).isEqualTo(block.features());
            assertThat(b.factors().offsets()).isEqualTo(block.offsets());
            assertThat(b.factors().noises()).isEqualTo(block.noises());
        });
        CatalogueElement complete = new CatalogueElement.Complete(TestStore.manifest(model, List.of()), 9, 1);
        assertThat(roundTrip(CatalogueElementSerializer.INSTANCE, complete)).isEqualTo(complete);
    }

    @Test
    void otherElementsOfTheCatalogueSurviveTheWire() throws Exception {
        for (CatalogueElement element : List.of(
                new CatalogueElement.Heartbeat(),
                new CatalogueElement.Dropped(VERSION, 3),
                new CatalogueElement.Rejected(VERSION, 4, "damaged"))) {
            assertThat(roundTrip(CatalogueElementSerializer.INSTANCE, element)).isEqualTo(element);
        }
        CatalogueEntry entry = CatalogueEntry.of("als", ModelKind.ALS)
                .with(new CatalogueEntry.Version(3, VersionState.ACTIVE, "m", Instant.EPOCH, null, null));
        CatalogueRecord record = new CatalogueRecord(8, entry);
        assertThat(roundTrip(CatalogueRecordSerializer.INSTANCE, record)).isEqualTo(record);
    }

    @Test
    void healthTotalsAndUpdatesSurviveTheWire() throws Exception {
        LossStatistics loss = new LossStatistics(3, 4.5);
        HealthRecord health = new HealthRecord(
                "00",
                1,
                2,
                Instant.ofEpochMilli(5),
                List.of(new HealthRecord.Version("als", 3, new LossMoments(3, 4.5, 8), "why")));
        assertThat(roundTrip(HealthRecordSerializer.INSTANCE, health)).isEqualTo(health);
        VersionTotal total = new VersionTotal(VERSION, new LossMoments(3, 4.5, 8), new LossMoments(1, 2, 4), 5);
        assertThat(roundTrip(VersionTotalSerializer.INSTANCE, total)).isEqualTo(total);
        PairTotal pair = new PairTotal(VERSION, new ModelVersion("als", 4), new PairedLoss(3, 4.5, 8, 2));
        assertThat(roundTrip(PairTotalSerializer.INSTANCE, pair)).isEqualTo(pair);
        WorstUserEntry worst = new WorstUserEntry(VERSION, new HealthRecord.WorstUser("u", 4.5, 9));
        assertThat(roundTrip(WorstUserSerializer.INSTANCE, worst)).isEqualTo(worst);
        HistoryEntry applied = new HistoryEntry(9, Item.ofId("i"), 4, Instant.ofEpochMilli(7), "id");
        UserWeights weights = new UserWeights(VERSION, new double[] {1, 2}, 5, loss);
        UserUpdate update = new UserUpdate(new UserModel("u", POSITION, 6, false, List.of(weights)), POSITION, applied);
        UserUpdate found = roundTrip(UserUpdateSerializer.INSTANCE, update);
        assertThat(found.applied()).isEqualTo(applied);
        assertThat(found.follows()).isEqualTo(POSITION);
        assertThat(found.model().weights().get(0).weights()).containsExactly(1, 2);
    }

    @Test
    void totalsOfTheFirstSchemaAreRead() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        out.writeByte(1);
        out.writeUTF("als");
        out.writeInt(3);
        out.writeLong(4);
        out.writeDouble(4.5);
        assertThat(VersionTotalSerializer.INSTANCE.deserialize(new DataInputDeserializer(out.getCopyOfBuffer())))
                .isEqualTo(new VersionTotal(VERSION, new LossMoments(4, 4.5, 0), LossMoments.NONE, 0));
    }

    @Test
    void totalsOfTheSecondSchemaAreRead() throws Exception {
        VersionTotal total = new VersionTotal(VERSION, new LossMoments(4, 4.5, 7), new LossMoments(1, 2, 4), 0);
        DataOutputSerializer out = new DataOutputSerializer(64);
        VersionTotalSerializer.INSTANCE.serialize(total, out);
        byte[] older = Arrays.copyOf(out.getCopyOfBuffer(), out.length() - Long.BYTES);
        older[0] = 2;
        assertThat(VersionTotalSerializer.INSTANCE.deserialize(new DataInputDeserializer(older)))
                .isEqualTo(total);
    }

    static Stream<TypeSerializer<?>> serializers() {
        return Stream.of(
                LogRecordSerializer.INSTANCE,
                CatalogueElementSerializer.INSTANCE,
                CatalogueRecordSerializer.INSTANCE,
                HealthRecordSerializer.INSTANCE,
                VersionTotalSerializer.INSTANCE,
                PairTotalSerializer.INSTANCE,
                WorstUserSerializer.INSTANCE,
                UserUpdateSerializer.INSTANCE);
    }

    @ParameterizedTest
    @MethodSource("serializers")
    <T> void serializersAreFoundAgainFromACheckpoint(TypeSerializer<T> serializer) throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
        TypeSerializerSnapshot<T> read = TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());
        assertThat(serializer
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(read)
                        .isCompatibleAsIs())
                .isTrue();
        assertThat(read.restoreSerializer()).isEqualTo(serializer);
        assertThat(InstantiationUtil.clone(serializer)).isEqualTo(serializer);
        assertThatThrownBy(() -> read.readSnapshot(
                        99, new DataInputDeserializer(new byte[0]), getClass().getClassLoader()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("99");
    }

    private static <T> T roundTrip(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        DataOutputSerializer copied = new DataOutputSerializer(64);
        serializer.copy(new DataInputDeserializer(out.getCopyOfBuffer()), copied);
        DataInputDeserializer in = new DataInputDeserializer(copied.getCopyOfBuffer());
        T read = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        return read;
    }
}
