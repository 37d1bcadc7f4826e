package io.velox.client;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What one user did with one item, as {@code observe} takes it.
 *
 * @param item an id, or the JSON array or object that a computed model understands
 * @param label in the model's units (stars)
 * @param timestamp when it happened; null for now
 * @param id the client's own name for this observation, which makes sending it again harmless; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Observation(
        String uid,
        JsonNode item,
        double label,
        @Nullable Instant timestamp,
        @Nullable String id) {
    public Observation {
        requireNonNull(item, "item");
        if (uid.isEmpty()) {
            throw new IllegalArgumentException("uid must not be empty");
        }
        if (item.isTextual() && item.textValue().isEmpty()) {
            throw new IllegalArgumentException("item must not be empty");
        }
        if (!Double.isFinite(label)) {
            throw new IllegalArgumentException("label must be finite, but got " + label);
        }
    }

    /** An observation of an item by its id, happening now. */
    public static Observation of(String uid, String item, double label) {
        return new Observation(uid, TextNode.valueOf(item), label, null, null);
    }

    public Observation at(Instant time) {
        return new Observation(uid, item, label, time, id);
    }

    /** This observation under a name, by which Velox knows it again. */
    public Observation named(String name) {
        return new Observation(uid, item, label, timestamp, name);
    }

    /** This observation named by a hash of its content, so that the same one sent twice is known as one. */
    public Observation namedByContent() {
        String content = String.join("\n", uid, item.toString(), Double.toString(label), String.valueOf(timestamp));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return named(HexFormat.of().formatHex(hash, 0, 12));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
