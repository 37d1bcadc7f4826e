package io.velox.job.health;

import io.velox.core.learn.PairedLoss;
import io.velox.core.model.ModelVersion;
import io.velox.state.ImmutableSerializer;
import io.velox.state.SchemaSnapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link PairTotal}. */
public final class PairTotalSerializer extends ImmutableSerializer<PairTotal> {
    public static final PairTotalSerializer INSTANCE = new PairTotalSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 1;

    @Override
    protected void write(PairTotal total, DataOutput out) throws IOException {
        out.writeByte(SCHEMA);
        out.writeUTF(total.first().model());
        out.writeInt(total.first().version());
        out.writeInt(total.second().version());
        out.writeLong(total.loss().count());
        out.writeDouble(total.loss().first());
        out.writeDouble(total.loss().second());
        out.writeDouble(total.loss().squaredDifference());
    }

    @Override
    protected PairTotal read(DataInput in) throws IOException {
        int schema = in.readByte();
        if (schema != SCHEMA) {
            throw new IOException("the totals of pairs have schema " + schema + ", but this build reads " + SCHEMA);
        }
        String model = in.readUTF();
        return new PairTotal(
                new ModelVersion(model, in.readInt()),
                new ModelVersion(model, in.readInt()),
                new PairedLoss(in.readLong(), in.readDouble(), in.readDouble(), in.readDouble()));
    }

    @Override
    public TypeSerializerSnapshot<PairTotal> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<PairTotal> {
        public Snapshot() {
            super(SCHEMA, () -> INSTANCE);
        }
    }
}
