package io.velox.core.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The keys of the log of observations: the UTF-8 bytes of the user's id, a 0 byte (which no id contains), and eight bytes that make
 * the key unlike any other. A compacted log keeps every record under such keys, and loses a single one to a tombstone, which is a
 * record with the same key and no value.
 *
 * <p>Logs made before had the bare id as key; {@link #belongsTo} knows both, and {@link #isUnique} tells them apart.
 */
public final class RecordKey {
    /** The header of the tombstone that ends a user for good: with it nothing is left to tell that there was such a user. */
    public static final String ERASED = "erased";

    private static final int UNIQUE_BYTES = 8;
    private static final int SUFFIX_BYTES = 1 + UNIQUE_BYTES;

    private RecordKey() {}

    /** Makes keys. Two sources meet in one key of one user about once in 10¹⁹ records. Safe for use from any thread. */
    public static final class Source {
        private final AtomicLong next = new AtomicLong(new SecureRandom().nextLong());

        /** A key that no other record has. */
        public byte[] next(String uid) {
            byte[] id = uid.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(id.length + SUFFIX_BYTES)
                    .put(id)
                    .put((byte) 0)
                    .putLong(next.getAndIncrement())
                    .array();
        }
    }

    /** Whether a tombstone under this key removes one record, and not all of a user's. */
    public static boolean isUnique(byte[] key) {
        return key.length >= SUFFIX_BYTES && key[key.length - SUFFIX_BYTES] == 0;
    }

    /** The user of a unique key; empty for another. */
    public static Optional<String> uid(byte[] key) {
        return isUnique(key)
                ? Optional.of(new String(key, 0, key.length - SUFFIX_BYTES, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    /** Whether it is a key of this user, of either kind. */
    public static boolean belongsTo(byte[] key, String uid) {
        return uid.equals(uid(key).orElseGet(() -> new String(key, StandardCharsets.UTF_8)));
    }
}
