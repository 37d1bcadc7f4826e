package io.velox.serving.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/**
 * An operation that reads its body itself, piece by piece, checks its media type, and sets its own bounds of size and time. Otherwise
 * as {@link Operation}.
 */
non-sealed interface StreamOperation extends Endpoint {
    /**
     * Called on the event loop of the request, before any of the body was read.
     *
     * @param call without a body
     */
    Future<Reply> answer(Call call, HttpServerRequest request);
}
