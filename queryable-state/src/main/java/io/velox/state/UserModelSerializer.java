package io.velox.state;

import io.velox.core.user.UserCodec;
import io.velox.core.user.UserModel;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link UserModel}, in the form of {@link UserCodec}. */
public final class UserModelSerializer extends ImmutableSerializer<UserModel> {
    public static final UserModelSerializer INSTANCE = new UserModelSerializer();

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(UserModel model, DataOutput out) throws IOException {
        UserCodec.write(model, out);
    }

    @Override
    protected UserModel read(DataInput in) throws IOException {
        return UserCodec.readModel(in);
    }

    @Override
    public TypeSerializerSnapshot<UserModel> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<UserModel> {
        public Snapshot() {
            super(UserCodec.MODEL_SCHEMA, () -> INSTANCE);
        }
    }
}
