package io.velox.job.health;

import io.velox.core.learn.LossStatistics;
import io.velox.core.model.ModelVersion;
import io.velox.state.ImmutableSerializer;
import io.velox.state.SchemaSnapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link VersionTotal}. */
public final class VersionTotalSerializer extends ImmutableSerializer<VersionTotal> {
    public static final VersionTotalSerializer INSTANCE = new VersionTotalSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 1;

    @Override
    protected void write(VersionTotal total, DataOutput out) throws IOException {
        out.writeByte(SCHEMA);
        out.writeUTF(total.version().model());
        out.writeInt(total.version().version());
        out.writeLong(total.loss().count());
        out.writeDouble(total.loss().sum());
    }

    @Override
    protected VersionTotal read(DataInput in) throws IOException {
        int schema = in.readByte();
        if (schema != SCHEMA) {
            throw new IOException("the totals have schema " + schema + ", but this build reads " + SCHEMA);
        }
        ModelVersion version = new ModelVersion(in.readUTF(), in.readInt());
        return new VersionTotal(version, new LossStatistics(in.readLong(), in.readDouble()));
    }

    @Override
    public TypeSerializerSnapshot<VersionTotal> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<VersionTotal> {
        public Snapshot() {
            super(SCHEMA, () -> INSTANCE);
        }
    }
}
