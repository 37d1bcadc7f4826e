package io.velox.job.log;

import io.velox.core.log.UserUpdate;
import io.velox.core.log.UserUpdateCodec;
import io.velox.state.ImmutableSerializer;
import io.velox.state.SchemaSnapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link UserUpdate}, in the form that it has in its topic. */
public final class UserUpdateSerializer extends ImmutableSerializer<UserUpdate> {
    public static final UserUpdateSerializer INSTANCE = new UserUpdateSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 1;

    @Override
    protected void write(UserUpdate update, DataOutput out) throws IOException {
        byte[] bytes = UserUpdateCodec.write(update);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    @Override
    protected UserUpdate read(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return UserUpdateCodec.read(bytes);
    }

    @Override
    public TypeSerializerSnapshot<UserUpdate> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<UserUpdate> {
        public Snapshot() {
            super(SCHEMA, () -> INSTANCE);
        }
    }
}
