package io.velox.serving.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.velox.core.log.RecordCodec;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.TreeMap;

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

    /** The headers, those that go with any body included. */
    Map<String, String> allHeaders() {
        Map<String, String> all = new TreeMap<>(headers);
        if (!contentType.isEmpty()) {
            all.put("Content-Type", contentType);
            all.put("Cache-Control", "no-store");
        }
        return all;
    }

    /** The whole of it as HTTP/1.1 writes it. */
    String rendered() {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\n");
        allHeaders()
                .forEach((name, value) ->
                        text.append(name).append(": ").append(value).append("\r\n"));
        return text + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    Reply with(Map<String, String> more) {
        return new Reply(status, contentType, body, more);
    }
}
