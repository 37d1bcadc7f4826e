package io.velox.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.velox.core.item.ItemEvidence;
import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.Revision;
import io.velox.core.user.UserCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form of an {@link ItemUpdate} in its topic. The key is {@code model/version/item}; the value is a schema, the revision, the count,
 * d, and the sums as big-endian doubles; where there is nothing to say it is a tombstone.
 */
public final class ItemUpdateCodec {
    private static final int SCHEMA = 1;
    private static final Pattern KEY = Pattern.compile("([^/]+)/(\\d{1,9})/(.+)", Pattern.DOTALL);

    /** No item vector is longer. */
    private static final int MAX_DIMENSION = 10_000;

    private ItemUpdateCodec() {}

    public static byte[] key(ItemUpdate update) {
        return (update.version() + "/" + update.item()).getBytes(UTF_8);
    }

    /** Null for a tombstone. */
    public static byte @Nullable [] value(ItemUpdate update) {
        ItemUpdate.Value value = update.value();
        if (value == null) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(SCHEMA);
            UserCodec.writeRevision(value.revision(), out);
            out.writeInt(value.evidence().count());
            out.writeInt(value.evidence().dimension());
            for (double sum : value.evidence().precision()) {
                out.writeDouble(sum);
            }
            for (double sum : value.evidence().moment()) {
                out.writeDouble(sum);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads one record.
     *
     * @param value null for a tombstone
     * @throws IOException if it is no such record, or of a newer schema
     */
    public static ItemUpdate read(byte[] key, byte @Nullable [] value) throws IOException {
        Matcher parts = KEY.matcher(new String(key, UTF_8));
        if (!parts.matches()) {
            throw new IOException("an item update must have the key model/version/item, but has " + parts);
        }
        ModelVersion version;
        ItemUpdate.Value read;
        try {
            version = new ModelVersion(parts.group(1), Integer.parseInt(parts.group(2)));
            read = value == null ? null : read(value);
        } catch (RuntimeException e) {
            throw new IOException("the item update is damaged: " + e.getMessage(), e);
        }
        return new ItemUpdate(version, parts.group(3), read);
    }

    private static ItemUpdate.Value read(byte[] value) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(value));
        int schema = in.readByte();
        if (schema != SCHEMA) {
            throw new IOException("the item update has schema " + schema + ", but this build reads " + SCHEMA);
        }
        Revision revision = UserCodec.readRevision(in);
        int count = in.readInt();
        int dimension = in.readInt();
        if (dimension < 1 || dimension > MAX_DIMENSION) {
            throw new IOException("an item update of dimension " + dimension + " is damaged");
        }
        double[] precision = doubles(in, PackedSymmetric.length(dimension));
        double[] moment = doubles(in, dimension);
        return new ItemUpdate.Value(revision, new ItemEvidence(count, precision, moment));
    }

    private static double[] doubles(DataInputStream in, int length) throws IOException {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }
}
