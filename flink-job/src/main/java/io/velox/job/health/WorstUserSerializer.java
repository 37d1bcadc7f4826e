package io.velox.job.health;

import io.velox.core.log.HealthRecord.WorstUser;
import io.velox.core.model.ModelVersion;
import io.velox.state.ImmutableSerializer;
import io.velox.state.SchemaSnapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link WorstUserEntry}. */
public final class WorstUserSerializer extends ImmutableSerializer<WorstUserEntry> {
    public static final WorstUserSerializer INSTANCE = new WorstUserSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 1;

    @Override
    protected void write(WorstUserEntry entry, DataOutput out) throws IOException {
        out.writeByte(SCHEMA);
        out.writeUTF(entry.version().model());
        out.writeInt(entry.version().version());
        out.writeUTF(entry.user().uid());
        out.writeDouble(entry.user().loss());
        out.writeLong(entry.user().count());
    }

    @Override
    protected WorstUserEntry read(DataInput in) throws IOException {
        int schema = in.readByte();
        if (schema != SCHEMA) {
            throw new IOException("the worst users have schema " + schema + ", but this build reads " + SCHEMA);
        }
        ModelVersion version = new ModelVersion(in.readUTF(), in.readInt());
        return new WorstUserEntry(version, new WorstUser(in.readUTF(), in.readDouble(), in.readLong()));
    }

    @Override
    public TypeSerializerSnapshot<WorstUserEntry> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<WorstUserEntry> {
        public Snapshot() {
            super(SCHEMA, () -> INSTANCE);
        }
    }
}
