package io.velox.serving.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/** Answers what is not even HTTP, or whose first line or head is too long, with a problem document, and closes the connection. */
final class InvalidRequestHandler implements Handler<HttpServerRequest> {
    @Override
    public void handle(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        HttpFailure failure;
        if (cause instanceof TooLongHttpLineException) {
            failure = new HttpFailure(414, "URI_TOO_LONG", "path", "path and query are too long", Map.of());
        } else if (cause instanceof TooLongHttpHeaderException) {
            failure = new HttpFailure(431, "HEADERS_TOO_LARGE", "headers", "headers are too large", Map.of());
        } else {
            failure = new HttpFailure(400, "INVALID_REQUEST", "request", "request must be valid HTTP", Map.of());
        }
        Reply reply = Problem.reply(failure);
        request.response()
                .setStatusCode(reply.status())
                .putHeader("Content-Type", reply.contentType())
                .putHeader("Connection", "close")
                .end(reply.body());
        request.connection().close();
    }
}
