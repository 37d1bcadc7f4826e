package io.velox.system.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** What came back: status, headers by their lower-case names, and the body as text. */
public record WireAnswer(int status, Map<String, String> headers, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The media type without its parameters; empty where there is none. */
    public String mediaType() {
        return header("content-type").split(";", 2)[0].trim();
    }

    /** A header's value; empty where it is missing. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** The body, which must be JSON. */
    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("the body is no JSON: " + this, e);
        }
    }

    /** The body of an answer that must be 2xx. */
    public JsonNode ok() {
        if (status < 200 || status > 299) {
            throw new AssertionError("expected 2xx, but got " + this);
        }
        return json();
    }

    @Override
    public String toString() {
        return status + " " + mediaType() + " " + (body.length() > 1000 ? body.substring(0, 1000) + "…" : body);
    }
}
