package io.velox.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.user.HistoryEntry;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A type of state gets a field: what the build before it wrote is read, alone and among values of the new schema. */
class AddedFieldTest {
    /** Which build this is: in the first a place had no height. */
    private static int build = 1;

    @AfterEach
    void firstBuild() {
        build = 1;
    }

    @Test
    void valuesOfBothSchemasAreReadFromOneState() throws Exception {
        DataOutputSerializer state = new DataOutputSerializer(64);
        PlaceSerializer.INSTANCE.serialize(new Place("Rome", 0), state);
        build = 2;
        PlaceSerializer.INSTANCE.serialize(new Place("Davos", 1560), state);
        DataInputDeserializer in = new DataInputDeserializer(state.getCopyOfBuffer());
        assertThat(PlaceSerializer.INSTANCE.deserialize(in)).isEqualTo(new Place("Rome", 0));
        assertThat(PlaceSerializer.INSTANCE.deserialize(in)).isEqualTo(new Place("Davos", 1560));
        assertThat(in.available()).isZero();
    }

    @Test
    void theNextBuildTakesStateOverAsItIs() throws Exception {
        byte[] written = snapshot(PlaceSerializer.INSTANCE);
        build = 2;
        assertThat(compatibility(PlaceSerializer.INSTANCE, written).isCompatibleAsIs())
                .isTrue();
        assertThat(read(written).restoreSerializer()).isSameAs(PlaceSerializer.INSTANCE);
    }

    @Test
    void aListTakesOverItsElementsAsTheyAre() throws Exception {
        byte[] written = snapshot(new ListSerializer<>(PlaceSerializer.INSTANCE));
        DataOutputSerializer values = new DataOutputSerializer(64);
        new ListSerializer<>(PlaceSerializer.INSTANCE).serialize(List.of(new Place("Rome", 0)), values);
        build = 2;
        ListSerializer<Place> next = new ListSerializer<>(PlaceSerializer.INSTANCE);
        assertThat(compatibility(next, written).isCompatibleAsIs()).isTrue();
        List<Place> places = new ArrayList<>(next.deserialize(new DataInputDeserializer(values.getCopyOfBuffer())));
        assertThat(places).containsExactly(new Place("Rome", 0));
    }

    @Test
    void theBuildBeforeRefusesTheNextOnesState() throws Exception {
        build = 2;
        byte[] written = snapshot(PlaceSerializer.INSTANCE);
        build = 1;
        assertThatThrownBy(() -> read(written)).hasMessageContaining("schema 2, but this build reads 1 to 1");
    }

    @Test
    void historiesOfTheFirstSchemaAreTakenOverAsTheyAre() throws Exception {
        ListSerializer<HistoryEntry> histories = new ListSerializer<>(HistoryEntrySerializer.INSTANCE);
        byte[] element = new byte[256];
        DataOutputSerializer header = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(header, HistoryEntrySerializer.INSTANCE.snapshotConfiguration());
        System.arraycopy(header.getSharedBuffer(), 0, element, 0, header.length());
        assertThat(element[header.length() - 1]).isEqualTo((byte) 2); // the version, which is all that it says
        element[header.length() - 1] = 1;
        TypeSerializerSnapshot<HistoryEntry> first =
                TypeSerializerSnapshot.readVersionedSnapshot(new DataInputDeserializer(element), classes());
        assertThat(HistoryEntrySerializer.INSTANCE
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(first)
                        .isCompatibleAsIs())
                .isTrue();
        assertThat(compatibility(histories, snapshot(histories)).isCompatibleAsIs())
                .isTrue();
    }

    private static byte[] snapshot(TypeSerializer<?> serializer) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
        return out.getCopyOfBuffer();
    }

    private static <T> TypeSerializerSchemaCompatibility<T> compatibility(TypeSerializer<T> next, byte[] written)
            throws IOException {
        return next.snapshotConfiguration().resolveSchemaCompatibility(read(written));
    }

    private static <T> TypeSerializerSnapshot<T> read(byte[] written) throws IOException {
        return TypeSerializerSnapshot.readVersionedSnapshot(new DataInputDeserializer(written), classes());
    }

    private static ClassLoader classes() {
        return AddedFieldTest.class.getClassLoader();
    }

    record Place(String name, int height) {}

    static final class PlaceSerializer extends ImmutableSerializer<Place> {
        static final PlaceSerializer INSTANCE = new PlaceSerializer();

        private static final long serialVersionUID = 1L;

        @Override
        protected void write(Place place, DataOutput out) throws IOException {
            out.writeByte(build);
            out.writeUTF(place.name());
            if (build >= 2) {
                out.writeInt(place.height());
            }
        }

        @Override
        protected Place read(DataInput in) throws IOException {
            int schema = in.readByte();
            return new Place(in.readUTF(), schema >= 2 ? in.readInt() : 0);
        }

        @Override
        public TypeSerializerSnapshot<Place> snapshotConfiguration() {
            return new Snapshot();
        }

        /** In a checkpoint. */
        public static final class Snapshot extends SchemaSnapshot<Place> {
            public Snapshot() {
                super(build, () -> INSTANCE);
            }
        }
    }
}
