package io.velox.serving.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/** {@code GET /openapi.yaml}: the contract of this API. */
record GetDocument(Buffer document) implements Operation {
    static GetDocument ofResource() {
        try (InputStream in = GetDocument.class.getResourceAsStream("/openapi.yaml")) {
            return new GetDocument(Buffer.buffer(Objects.requireNonNull(in, "openapi.yaml is missing from the jar")
                    .readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Future<Reply> answer(Call call) {
        return Future.succeededFuture(new Reply(200, "application/yaml", document, Map.of()));
    }
}
