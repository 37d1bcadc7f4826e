package io.velox.job.health;

import io.velox.core.learn.LossMoments;
import io.velox.core.model.ModelVersion;
import io.velox.state.ImmutableSerializer;
import io.velox.state.SchemaSnapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/**
 * Flink's serializer of {@link VersionTotal}. Schema 1 had neither squares nor the validation pool: what it counted has a variance of
 * which nothing is known, and read as none. Schema 2 did not count observations of unknown items.
 */
public final class VersionTotalSerializer extends ImmutableSerializer<VersionTotal> {
    public static final VersionTotalSerializer INSTANCE = new VersionTotalSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 3;

    @Override
    protected void write(VersionTotal total, DataOutput out) throws IOException {
        out.writeByte(SCHEMA);
        out.writeUTF(total.version().model());
        out.writeInt(total.version().version());
        write(total.loss(), out);
        write(total.validation(), out);
        out.writeLong(total.unknown());
    }

    private static void write(LossMoments loss, DataOutput out) throws IOException {
        out.writeLong(loss.count());
        out.writeDouble(loss.sum());
        out.writeDouble(loss.squares());
    }

    @Override
    protected VersionTotal read(DataInput in) throws IOException {
        int schema = in.readByte();
        if (schema < 1 || schema > SCHEMA) {
            throw new IOException("the totals have schema " + schema + ", but this build reads 1 to " + SCHEMA);
        }
        ModelVersion version = new ModelVersion(in.readUTF(), in.readInt());
        if (schema == 1) {
            return new VersionTotal(version, new LossMoments(in.readLong(), in.readDouble(), 0), LossMoments.NONE, 0);
        }
        return new VersionTotal(version, readLoss(in), readLoss(in), schema == 2 ? 0 : in.readLong());
    }

    private static LossMoments readLoss(DataInput in) throws IOException {
        return new LossMoments(in.readLong(), in.readDouble(), in.readDouble());
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
