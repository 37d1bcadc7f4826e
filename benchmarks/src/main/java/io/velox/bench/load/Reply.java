package io.velox.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What a call was answered. */
public record Reply(Call call, int status, Buffer body) {
    private static final int OK = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    public boolean isOk() {
        return status == OK;
    }

    /** The body, which must be JSON. */
    public JsonNode json() {
        try {
            return JSON.readTree(body.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
