package io.velox.serving.http;

import io.vertx.core.Future;

/**
 * One operation of the API. Stateless but for what it is a front of; called on an event loop, or on a worker when the body is large,
 * and never blocks. What it throws, or fails with, becomes a problem document.
 */
interface Operation {
    Future<Reply> answer(Call call);
}
