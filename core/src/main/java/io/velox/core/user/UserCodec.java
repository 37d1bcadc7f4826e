package io.velox.core.user;

import io.velox.core.learn.LossStatistics;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of {@link UserModel} and {@link HistoryEntry}, in the job's state and in the feed of updates. Each value begins
 * with the number of its schema; a reader reads every schema up to its own and refuses newer ones.
 */
public final class UserCodec {
    private static final int MODEL_SCHEMA = 1;
    private static final int HISTORY_SCHEMA = 1;
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
            out.writeInt(w.weights().length);
            for (double weight : w.weights()) {
                out.writeDouble(weight);
            }
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
            double[] w = new double[readCount(in, "weights")];
            for (int j = 0; j < w.length; j++) {
                w[j] = in.readDouble();
            }
            weights.add(new UserWeights(version, w, observations, loss));
        }
        return new UserModel(uid, revision, historySize, forgotten, weights);
    }

    public static void write(HistoryEntry entry, DataOutput out) throws IOException {
        out.writeByte(HISTORY_SCHEMA);
        out.writeLong(entry.offset());
        out.writeBoolean(entry.item().isId());
        out.writeUTF(entry.item().text());
        out.writeDouble(entry.label());
        out.writeLong(entry.timestamp().toEpochMilli());
        writeOptional(entry.id(), out);
    }

    public static HistoryEntry readHistoryEntry(DataInput in) throws IOException {
        checkSchema(in.readByte(), HISTORY_SCHEMA, "history entry");
        long offset = in.readLong();
        Item.Kind kind = in.readBoolean() ? Item.Kind.ID : Item.Kind.DATA;
        Item item = new Item(kind, in.readUTF());
        return new HistoryEntry(offset, item, in.readDouble(), Instant.ofEpochMilli(in.readLong()), readOptional(in));
    }

    public static void writeRevision(Revision revision, DataOutput out) throws IOException {
        out.writeInt(revision.epoch());
        out.writeInt(revision.partition());
        out.writeLong(revision.offset());
    }

    public static Revision readRevision(DataInput in) throws IOException {
        return new Revision(in.readInt(), in.readInt(), in.readLong());
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

    /** Refuses what no writer wrote before anything is allocated for it. */
    private static int readCount(DataInput in, String what) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MAX_COUNT) {
            throw new IOException("a user model with " + count + " " + what + " is damaged");
        }
        return count;
    }

    private static void checkSchema(int found, int newest, String what) throws IOException {
        if (found < 1 || found > newest) {
            throw new IOException("the " + what + " has schema " + found + ", but this build reads 1 to " + newest
                    + "; use the build that wrote it, or a newer one");
        }
    }
}
