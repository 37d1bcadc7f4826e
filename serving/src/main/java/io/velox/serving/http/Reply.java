package io.velox.serving.http;

import io.velox.core.log.RecordCodec;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** An answer, written out: the thread that makes a reply pays for its JSON. Immutable but for the buffer, which nobody writes to. */
record Reply(int status, String contentType, Buffer body, Map<String, String> headers) {
    static final String JSON = "application/json";

    Reply {
        headers = Map.copyOf(headers);
    }

    static Reply ok(Object body) {
        return json(200, body);
    }

    static Reply json(int status, Object body) {
        return new Reply(status, JSON, Buffer.buffer(RecordCodec.write(body)), Map.of());
    }

    /** No content, for {@code OPTIONS}. */
    static Reply allows(String methods) {
        return new Reply(204, "", Buffer.buffer(), Map.of("Allow", methods));
    }

    Reply with(Map<String, String> more) {
        return new Reply(status, contentType, body, more);
    }
}
