package io.velox.serving.http;

import io.vertx.core.Future;

/**
 * One operation of the API, which takes its body whole. Stateless but for what it is a front of; called on an event loop, or on a worker when the body is large,
 * and never blocks. What it throws, or fails with, becomes a problem document.
 */
non-sealed interface Operation extends Endpoint {
    Future<Reply> answer(Call call);
}
