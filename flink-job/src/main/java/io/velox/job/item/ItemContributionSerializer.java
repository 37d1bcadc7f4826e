package io.velox.job.item;

import io.velox.core.item.ItemRating;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.Revision;
import io.velox.core.user.UserCodec;
import io.velox.state.ImmutableSerializer;
import io.velox.state.SchemaSnapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link ItemContribution}, on its way from the users to the items. */
public final class ItemContributionSerializer extends ImmutableSerializer<ItemContribution> {
    public static final ItemContributionSerializer INSTANCE = new ItemContributionSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 1;

    @Override
    protected void write(ItemContribution contribution, DataOutput out) throws IOException {
        out.writeUTF(contribution.version().model());
        out.writeInt(contribution.version().version());
        out.writeUTF(contribution.item());
        out.writeUTF(contribution.uid());
        UserCodec.writeRevision(contribution.revision(), out);
        ItemRating rating = contribution.rating();
        out.writeBoolean(rating != null);
        if (rating != null) {
            ItemRatingSerializer.INSTANCE.write(rating, out);
        }
    }

    @Override
    protected ItemContribution read(DataInput in) throws IOException {
        ModelVersion version = new ModelVersion(in.readUTF(), in.readInt());
        String item = in.readUTF();
        String uid = in.readUTF();
        Revision revision = UserCodec.readRevision(in);
        ItemRating rating = in.readBoolean() ? ItemRatingSerializer.INSTANCE.read(in) : null;
        return new ItemContribution(version, item, uid, revision, rating);
    }

    @Override
    public TypeSerializerSnapshot<ItemContribution> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<ItemContribution> {
        public Snapshot() {
            super(SCHEMA, () -> INSTANCE);
        }
    }
}
