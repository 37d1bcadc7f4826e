package io.velox.job.log;

import io.velox.core.log.ItemUpdate;
import io.velox.core.log.ItemUpdateCodec;
import io.velox.state.ImmutableSerializer;
import io.velox.state.SchemaSnapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link ItemUpdate}, in the form that it has in its topic. */
public final class ItemUpdateSerializer extends ImmutableSerializer<ItemUpdate> {
    public static final ItemUpdateSerializer INSTANCE = new ItemUpdateSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 1;
    private static final int NONE = -1;

    @Override
    protected void write(ItemUpdate update, DataOutput out) throws IOException {
        byte[] key = ItemUpdateCodec.key(update);
        out.writeInt(key.length);
        out.write(key);
        byte[] value = ItemUpdateCodec.value(update);
        out.writeInt(value == null ? NONE : value.length);
        if (value != null) {
            out.write(value);
        }
    }

    @Override
    protected ItemUpdate read(DataInput in) throws IOException {
        byte[] key = new byte[in.readInt()];
        in.readFully(key);
        int length = in.readInt();
        if (length == NONE) {
            return ItemUpdateCodec.read(key, null);
        }
        byte[] value = new byte[length];
        in.readFully(value);
        return ItemUpdateCodec.read(key, value);
    }

    @Override
    public TypeSerializerSnapshot<ItemUpdate> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<ItemUpdate> {
        public Snapshot() {
            super(SCHEMA, () -> INSTANCE);
        }
    }
}
