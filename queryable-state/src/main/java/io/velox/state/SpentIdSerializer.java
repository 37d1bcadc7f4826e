package io.velox.state;

import io.velox.core.user.SpentId;
import io.velox.core.user.UserCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link SpentId}, in the form of {@link UserCodec}. */
public final class SpentIdSerializer extends ImmutableSerializer<SpentId> {
    public static final SpentIdSerializer INSTANCE = new SpentIdSerializer();

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(SpentId id, DataOutput out) throws IOException {
        UserCodec.write(id, out);
    }

    @Override
    protected SpentId read(DataInput in) throws IOException {
        return UserCodec.readSpentId(in);
    }

    @Override
    public TypeSerializerSnapshot<SpentId> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<SpentId> {
        public Snapshot() {
            super(UserCodec.SPENT_ID_SCHEMA, () -> INSTANCE);
        }
    }
}
