package io.velox.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.learn.LossStatistics;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.SpentId;
import io.velox.core.user.UserModel;
import io.velox.core.user.UserWeights;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class UserStateSerializersTest {
    private final long seed = Long.getLong("velox.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void anyUserModelIsReadAsItWasWritten() throws Exception {
        System.out.println("velox.seed=" + seed);
        for (int run = 0; run < 200; run++) {
            List<UserWeights> weights = new ArrayList<>();
            for (int version = 1; version <= random.nextInt(4); version++) {
                weights.add(new UserWeights(
                        new ModelVersion("als", version),
                        random.doubles(random.nextInt(60)).toArray(),
                        random.nextInt(1000),
                        new LossStatistics(random.nextInt(1000), random.nextDouble())));
            }
            Revision revision = new Revision(random.nextInt(9), random.nextInt(1000), random.nextLong(1L << 50));
            UserModel model = new UserModel(
                    "u" + random.nextInt(), revision, random.nextInt(1000), random.nextBoolean(), weights);
            UserModel read = roundTrip(UserModelSerializer.INSTANCE, model);
            assertThat(read).usingRecursiveComparison().isEqualTo(model);
        }
    }

    @Test
    void historyEntriesAreReadAsTheyWereWritten() throws Exception {
        for (HistoryEntry entry : List.of(
                new HistoryEntry(0, Item.ofId("i\u00fc"), -1.5, Instant.EPOCH, null),
                new HistoryEntry(1L << 50, Item.ofId("1"), 4, Instant.ofEpochMilli(1_700_000_000_123L), "retry"),
                new HistoryEntry(3, new Item(Item.Kind.DATA, "[1,2.5]"), 0, Instant.EPOCH, null))) {
            assertThat(roundTrip(HistoryEntrySerializer.INSTANCE, entry)).isEqualTo(entry);
        }
    }

    @Test
    void spentIdsAreReadAsTheyWereWritten() throws Exception {
        for (SpentId id : List.of(
                new SpentId(Item.ofId("i\u00fc"), "id"), new SpentId(new Item(Item.Kind.DATA, "[1,2.5]"), "i d"))) {
            assertThat(roundTrip(SpentIdSerializer.INSTANCE, id)).isEqualTo(id);
        }
    }

    @Test
    void serializersAreFoundAgainFromACheckpointAndRefuseNewerSchemas() throws Exception {
        for (TypeSerializer<?> serializer :
                List.of(UserModelSerializer.INSTANCE, HistoryEntrySerializer.INSTANCE, SpentIdSerializer.INSTANCE)) {
            checkSnapshot(serializer);
        }
    }

    @Test
    void stateOfAnotherTypeIsIncompatible() {
        @SuppressWarnings("unchecked") // on purpose: what a swapped state name would lead to
        TypeSerializerSnapshot<UserModel> other =
                (TypeSerializerSnapshot<UserModel>) (TypeSerializerSnapshot<?>) new HistoryEntrySerializer.Snapshot();
        assertThat(new UserModelSerializer.Snapshot()
                        .resolveSchemaCompatibility(other)
                        .isIncompatible())
                .isTrue();
    }

    private <T> void checkSnapshot(TypeSerializer<T> serializer) throws IOException {
        ClassLoader classes = getClass().getClassLoader();
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
        TypeSerializerSnapshot<T> read =
                TypeSerializerSnapshot.readVersionedSnapshot(new DataInputDeserializer(out.getCopyOfBuffer()), classes);
        assertThat(serializer
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(read)
                        .isCompatibleAsIs())
                .isTrue();
        assertThat(read.restoreSerializer()).isEqualTo(serializer);
        assertThatThrownBy(() -> read.readSnapshot(9, new DataInputDeserializer(new byte[0]), classes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("schema 9");
    }

    private static <T> T roundTrip(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        T read = serializer.deserialize(in);
        assertThat(in.available()).isZero();
        assertThat(serializer.copy(read)).isSameAs(read);
        return read;
    }
}
