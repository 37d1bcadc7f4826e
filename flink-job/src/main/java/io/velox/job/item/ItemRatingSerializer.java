package io.velox.job.item;

import io.velox.core.item.ItemRating;
import io.velox.state.ImmutableSerializer;
import io.velox.state.SchemaSnapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link ItemRating}: each value begins with its schema. */
public final class ItemRatingSerializer extends ImmutableSerializer<ItemRating> {
    public static final ItemRatingSerializer INSTANCE = new ItemRatingSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 1;

    @Override
    protected void write(ItemRating rating, DataOutput out) throws IOException {
        out.writeByte(SCHEMA);
        out.writeDouble(rating.label());
        out.writeDouble(rating.variance());
        out.writeInt(rating.weights().length);
        for (double weight : rating.weights()) {
            out.writeDouble(weight);
        }
    }

    @Override
    protected ItemRating read(DataInput in) throws IOException {
        int schema = in.readByte();
        if (schema != SCHEMA) {
            throw new IOException("the item rating has schema " + schema + ", but this build reads " + SCHEMA);
        }
        double label = in.readDouble();
        double variance = in.readDouble();
        double[] weights = new double[in.readInt()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = in.readDouble();
        }
        return new ItemRating(weights, label, variance);
    }

    @Override
    public TypeSerializerSnapshot<ItemRating> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<ItemRating> {
        public Snapshot() {
            super(SCHEMA, () -> INSTANCE);
        }
    }
}
