package io.velox.state;

import io.velox.core.user.HistoryEntry;
import io.velox.core.user.UserCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link HistoryEntry}, in the form of {@link UserCodec}. */
public final class HistoryEntrySerializer extends ImmutableSerializer<HistoryEntry> {
    public static final HistoryEntrySerializer INSTANCE = new HistoryEntrySerializer();

    private static final long serialVersionUID = 1L;

    @Override
    protected void write(HistoryEntry entry, DataOutput out) throws IOException {
        UserCodec.write(entry, out);
    }

    @Override
    protected HistoryEntry read(DataInput in) throws IOException {
        return UserCodec.readHistoryEntry(in);
    }

    @Override
    public TypeSerializerSnapshot<HistoryEntry> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<HistoryEntry> {
        public Snapshot() {
            super(UserCodec.HISTORY_SCHEMA, () -> INSTANCE);
        }
    }
}
