package io.velox.job.log;

import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.user.Revision;
import io.velox.core.user.UserCodec;
import io.velox.state.ImmutableSerializer;
import io.velox.state.SchemaSnapshot;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.jspecify.annotations.Nullable;

/** Flink's serializer of {@link LogRecord}: what travels from the source to the user's subtask. */
public final class LogRecordSerializer extends ImmutableSerializer<LogRecord> {
    public static final LogRecordSerializer INSTANCE = new LogRecordSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 1;
    private static final int UNDECODABLE = 0;
    private static final int OBSERVED = 1;
    private static final int WITHDRAWN = 2;
    private static final int REBASED = 3;
    private static final int FORGOTTEN = 4;
    private static final int ERASED = 5;

    @Override
    protected void write(LogRecord record, DataOutput out) throws IOException {
        out.writeByte(SCHEMA);
        UserCodec.writeRevision(record.position(), out);
        out.writeLong(record.timestamp());
        UserRecord content = record.content();
        if (content == null) {
            out.writeByte(UNDECODABLE);
            out.writeUTF(record.problem());
        } else if (content instanceof UserRecord.Observed o) {
            out.writeByte(OBSERVED);
            out.writeUTF(o.uid());
            writeItem(o.item(), out);
            out.writeDouble(o.label());
            out.writeLong(o.timestamp());
            writeOptional(o.id(), out);
            writeOptional(o.impression(), out);
        } else if (content instanceof UserRecord.Withdrawn w) {
            out.writeByte(WITHDRAWN);
            out.writeUTF(w.uid());
            writeItem(w.item(), out);
        } else if (content instanceof UserRecord.Rebased r) {
            out.writeByte(REBASED);
            out.writeUTF(r.uid());
            out.writeUTF(r.model());
            out.writeInt(r.version());
            out.writeUTF(r.manifest());
        } else {
            out.writeByte(content instanceof UserRecord.Erased ? ERASED : FORGOTTEN);
            out.writeUTF(content.uid());
        }
    }

    @Override
    protected LogRecord read(DataInput in) throws IOException {
        int schema = in.readByte();
        if (schema != SCHEMA) {
            throw new IOException("the log record has schema " + schema + ", but this build reads " + SCHEMA);
        }
        Revision position = UserCodec.readRevision(in);
        long timestamp = in.readLong();
        int type = in.readByte();
        if (type == UNDECODABLE) {
            return LogRecord.undecodable(position, timestamp, in.readUTF());
        }
        return LogRecord.of(position, timestamp, readContent(type, in));
    }

    private static UserRecord readContent(int type, DataInput in) throws IOException {
        String uid = in.readUTF();
        return switch (type) {
            case OBSERVED ->
                new UserRecord.Observed(
                        uid, readItem(in), in.readDouble(), in.readLong(), readOptional(in), readOptional(in));
            case WITHDRAWN -> new UserRecord.Withdrawn(uid, readItem(in));
            case REBASED -> new UserRecord.Rebased(uid, in.readUTF(), in.readInt(), in.readUTF());
            case FORGOTTEN -> new UserRecord.Forgotten(uid);
            case ERASED -> new UserRecord.Erased(uid);
            default -> throw new IOException("a log record has the unknown type " + type);
        };
    }

    private static void writeItem(Item item, DataOutput out) throws IOException {
        out.writeBoolean(item.isId());
        out.writeUTF(item.text());
    }

    private static Item readItem(DataInput in) throws IOException {
        Item.Kind kind = in.readBoolean() ? Item.Kind.ID : Item.Kind.DATA;
        return new Item(kind, in.readUTF());
    }

    private static void writeOptional(@Nullable String text, DataOutput out) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            out.writeUTF(text);
        }
    }

    private static @Nullable String readOptional(DataInput in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }

    @Override
    public TypeSerializerSnapshot<LogRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<LogRecord> {
        public Snapshot() {
            super(SCHEMA, () -> INSTANCE);
        }
    }
}
