package io.velox.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the scores of some items.
 *
 * @param after the receipt of an observation that the answer must reflect; null for none
 * @param timeoutMs how long to wait for it, in milliseconds; null for the server's own limit
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PredictRequest(
        String uid,
        List<JsonNode> items,
        @Nullable String after,
        @Nullable Integer timeoutMs) {
    public PredictRequest {
        items = List.copyOf(items);
    }

    /** Asks about items by their ids. */
    public static PredictRequest of(String uid, List<String> items) {
        return new PredictRequest(
                uid, items.stream().<JsonNode>map(TextNode::valueOf).toList(), null, null);
    }

    /** The same question, to be answered no older than the observation with this receipt. */
    public PredictRequest after(@Nullable String receipt) {
        return new PredictRequest(uid, items, receipt, timeoutMs);
    }

    public PredictRequest withinMs(int milliseconds) {
        return new PredictRequest(uid, items, after, milliseconds);
    }
}
