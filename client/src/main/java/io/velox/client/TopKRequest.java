package io.velox.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a user's best items.
 *
 * @param k how many
 * @param items to choose from; null for the whole catalogue
 * @param exclude {@code "seen"}, or a list of item ids, as JSON; null for none
 * @param filter by field of metadata, the values of which an item must have one; null for none
 * @param after the receipt of an observation that the answer must reflect; null for none
 * @param timeoutMs how long to wait for it, in milliseconds; null for the server's own limit
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TopKRequest(
        String uid,
        int k,
        @Nullable List<JsonNode> items,
        @Nullable JsonNode exclude,
        @Nullable Map<String, List<String>> filter,
        @Nullable String after,
        @Nullable Integer timeoutMs) {
    /** The best of the whole catalogue. */
    public static TopKRequest of(String uid, int k) {
        return new TopKRequest(uid, k, null, null, null, null, null);
    }

    /** The best of these items. */
    public TopKRequest among(List<String> ids) {
        return new TopKRequest(
                uid, k, ids.stream().<JsonNode>map(TextNode::valueOf).toList(), exclude, filter, after, timeoutMs);
    }

    /** Without what the user has rated already. */
    public TopKRequest excludingSeen() {
        return new TopKRequest(uid, k, items, TextNode.valueOf("seen"), filter, after, timeoutMs);
    }

    /** Only what has one of the values in each of the fields. */
    public TopKRequest where(Map<String, List<String>> fields) {
        return new TopKRequest(uid, k, items, exclude, Map.copyOf(fields), after, timeoutMs);
    }

    /** The same question, to be answered no older than the observation with this receipt. */
    public TopKRequest after(@Nullable String receipt) {
        return new TopKRequest(uid, k, items, exclude, filter, receipt, timeoutMs);
    }
}
