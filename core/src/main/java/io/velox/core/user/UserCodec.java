package io.velox.core.user;

import io.velox.core.learn.LossStatistics;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of {@link UserModel}, {@link HistoryEntry} and {@link SpentId}, in the job's state and in the feed of updates. Each value begins
 * with the number of its schema; a reader reads every schema up to its own and refuses newer ones.
 */
public final class UserCodec {
    /** The newest schema of a {@link UserModel}: the one that is written. */
    public static final int MODEL_SCHEMA = 1;

    /** The newest schema of a {@link HistoryEntry}: the one that is written. */
    public static final int HISTORY_SCHEMA = 2;

    /** The newest schema of a {@link SpentId}: the one that is written. */
    public static final int SPENT_ID_SCHEMA = 1;

    /** The schema of a {@link HistoryEntry} in which every number had its full width. */
    private static final int WIDE_HISTORY = 1;

    private static final int IS_ID = 1;
    private static final int IS_FLOAT = 2;
    private static final int HAS_ID = 4;

    private static final int MAX_COUNT = 100_000;

    private UserCodec() {}

    public static void write(UserModel model, DataOutput out) throws IOException {
        out.writeByte(MODEL_SCHEMA);
        out.writeUTF(model.uid());
        writeRevision(model.revision(), out);
        out.writeInt(model.historySize());
        out.writeBoolean(model.forgotten());
        out.writeInt(model.weights().size());
        for (UserWeights w : model.weights()) {
            out.writeUTF(w.version().model());
            out.writeInt(w.version().version());
            out.writeInt(w.observations());
            out.writeLong(w.loss().count());
            out.writeDouble(w.loss().sum());
            write(w.weights(), out);
        }
    }

    public static UserModel readModel(DataInput in) throws IOException {
        checkSchema(in.readByte(), MODEL_SCHEMA, "user model");
        String uid = in.readUTF();
        Revision revision = readRevision(in);
        int historySize = in.readInt();
        boolean forgotten = in.readBoolean();
        int versions = readCount(in, "versions");
        List<UserWeights> weights = new ArrayList<>(versions);
        for (int i = 0; i < versions; i++) {
            ModelVersion version = new ModelVersion(in.readUTF(), in.readInt());
            int observations = in.readInt();
            LossStatistics loss = new LossStatistics(in.readLong(), in.readDouble());
            weights.add(new UserWeights(version, readDoubles(in), observations, loss));
        }
        return new UserModel(uid, revision, historySize, forgotten, weights);
    }

    public static void write(HistoryEntry entry, DataOutput out) throws IOException {
        boolean isFloat = (float) entry.label() == entry.label();
        out.writeByte(HISTORY_SCHEMA);
        out.writeByte((entry.item().isId() ? IS_ID : 0) | (isFloat ? IS_FLOAT : 0) | (entry.id() != null ? HAS_ID : 0));
        writeNumber(entry.offset(), out);
        out.writeUTF(entry.item().text());
        if (isFloat) {
            out.writeFloat((float) entry.label());
        } else {
            out.writeDouble(entry.label());
        }
        writeNumber(entry.timestamp().toEpochMilli(), out);
        if (entry.id() != null) {
            out.writeUTF(entry.id());
        }
    }

    public static HistoryEntry readHistoryEntry(DataInput in) throws IOException {
        int schema = checkSchema(in.readByte(), HISTORY_SCHEMA, "history entry");
        return schema == WIDE_HISTORY ? readWideHistoryEntry(in) : readNarrowHistoryEntry(in);
    }

    private static HistoryEntry readNarrowHistoryEntry(DataInput in) throws IOException {
        int flags = in.readByte();
        long offset = readNumber(in);
        Item item = new Item((flags & IS_ID) != 0 ? Item.Kind.ID : Item.Kind.DATA, in.readUTF());
        double label = (flags & IS_FLOAT) != 0 ? in.readFloat() : in.readDouble();
        Instant timestamp = Instant.ofEpochMilli(readNumber(in));
        return new HistoryEntry(offset, item, label, timestamp, (flags & HAS_ID) != 0 ? in.readUTF() : null);
    }

    private static HistoryEntry readWideHistoryEntry(DataInput in) throws IOException {
        long offset = in.readLong();
        Item item = readItem(in);
        return new HistoryEntry(offset, item, in.readDouble(), Instant.ofEpochMilli(in.readLong()), readOptional(in));
    }

    public static void write(SpentId spent, DataOutput out) throws IOException {
        out.writeByte(SPENT_ID_SCHEMA);
        write(spent.item(), out);
        out.writeUTF(spent.id());
    }

    public static SpentId readSpentId(DataInput in) throws IOException {
        checkSchema(in.readByte(), SPENT_ID_SCHEMA, "spent id");
        return new SpentId(readItem(in), in.readUTF());
    }

    private static void write(Item item, DataOutput out) throws IOException {
        out.writeBoolean(item.isId());
        out.writeUTF(item.text());
    }

    private static Item readItem(DataInput in) throws IOException {
        Item.Kind kind = in.readBoolean() ? Item.Kind.ID : Item.Kind.DATA;
        return new Item(kind, in.readUTF());
    }

    public static void writeRevision(Revision revision, DataOutput out) throws IOException {
        out.writeInt(revision.epoch());
        out.writeInt(revision.partition());
        out.writeLong(revision.offset());
    }

    public static Revision readRevision(DataInput in) throws IOException {
        return new Revision(in.readInt(), in.readInt(), in.readLong());
    }

    /** As {@code writeDouble} would write them, at once: these are most of the bytes that learning writes. */
    private static void write(double[] values, DataOutput out) throws IOException {
        byte[] bytes = new byte[Double.BYTES * values.length];
        ByteBuffer.wrap(bytes).asDoubleBuffer().put(values);
        out.writeInt(values.length);
        out.write(bytes);
    }

    private static double[] readDoubles(DataInput in) throws IOException {
        double[] values = new double[readCount(in, "weights")];
        byte[] bytes = new byte[Double.BYTES * values.length];
        in.readFully(bytes);
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
        return values;
    }

    /** Seven bits a byte, the lowest first, and a sign that leaves small negative numbers small. */
    private static void writeNumber(long value, DataOutput out) throws IOException {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            out.writeByte((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static long readNumber(DataInput in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.readByte();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IOException("a number of more than ten bytes is damaged");
    }

    private static @Nullable String readOptional(DataInput in) throws IOException {
        return in.readBoolean() ? in.readUTF() : null;
    }

    /** Refuses what no writer wrote before anything is allocated for it. */
    private static int readCount(DataInput in, String what) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MAX_COUNT) {
            throw new IOException("a user model with " + count + " " + what + " is damaged");
        }
        return count;
    }

    private static int checkSchema(int found, int newest, String what) throws IOException {
        if (found < 1 || found > newest) {
            throw new IOException("the " + what + " has schema " + found + ", but this build reads 1 to " + newest
                    + "; use the build that wrote it, or a newer one");
        }
        return found;
    }
}
