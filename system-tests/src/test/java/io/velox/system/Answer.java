package io.velox.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** What the API answered; {@code json} is missing where the body is empty or no JSON. */
record Answer(int status, String contentType, String body, JsonNode json) {
    static final JsonNode NO_JSON = MissingNode.getInstance();

    /** The body, of an answer that must be 2xx. */
    JsonNode ok() {
        if (status < 200 || status > 299) {
            throw new AssertionError("expected 2xx, but got " + status + ": " + body);
        }
        return json;
    }
}
