package io.velox.core.log;

import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Revision;
import io.velox.core.user.UserCodec;
import io.velox.core.user.UserModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The binary form of {@link UserUpdate}: one per observation, mostly doubles, so JSON would cost several times the learning. */
public final class UserUpdateCodec {
    private static final int SCHEMA = 1;

    private UserUpdateCodec() {}

    public static byte[] write(UserUpdate update) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(SCHEMA);
            UserCodec.write(update.model(), out);
            Revision follows = update.follows();
            out.writeBoolean(follows != null);
            if (follows != null) {
                UserCodec.writeRevision(follows, out);
            }
            HistoryEntry applied = update.applied();
            out.writeBoolean(applied != null);
            if (applied != null) {
                UserCodec.write(applied, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static UserUpdate read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int schema = in.readByte();
        if (schema != SCHEMA) {
            throw new IOException("the user update has schema " + schema + ", but this build reads " + SCHEMA);
        }
        UserModel model = UserCodec.readModel(in);
        Revision follows = in.readBoolean() ? UserCodec.readRevision(in) : null;
        HistoryEntry applied = in.readBoolean() ? UserCodec.readHistoryEntry(in) : null;
        return new UserUpdate(model, follows, applied);
    }
}
