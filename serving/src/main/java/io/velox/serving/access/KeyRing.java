package io.velox.serving.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys that are good at one time. Immutable. */
final class KeyRing {
    private final List<AccessKey> keys;

    KeyRing(List<AccessKey> keys) {
        this.keys = List.copyOf(keys);
    }

    int size() {
        return keys.size();
    }

    /** The entry of a key. Takes as long whether there is one or not, and wherever it stands. */
    Optional<AccessKey> find(String key) {
        byte[] digest = sha256(key);
        @Nullable AccessKey found = null;
        for (AccessKey entry : keys) {
            if (MessageDigest.isEqual(entry.sha256(), digest)) {
                found = entry; // and on to the last one
            }
        }
        return Optional.ofNullable(found);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
