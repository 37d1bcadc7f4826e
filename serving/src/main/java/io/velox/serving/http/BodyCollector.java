package io.velox.serving.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Collects a request's body up to a size. Event-loop confined. Of a larger body the rest is read and dropped, so that the client gets
 * to read its answer, but not without end.
 */
final class BodyCollector {
    private static final long MAX_DROPPED_BYTES = 64L << 20;
    private static final long MAX_MILLIS = 60_000;

    private final long maxBytes;
    private final Promise<Buffer> whole = Promise.promise();
    private Buffer collected = Buffer.buffer();
    private long received;

    private BodyCollector(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The body; fails with 413 when it is too large, 408 when it takes too long to come. To be called on the request's event loop. */
    static Future<Buffer> collect(Vertx vertx, HttpServerRequest request, long maxBytes) {
        BodyCollector collector = new BodyCollector(maxBytes);
        Promise<Buffer> whole = collector.whole;
        request.handler(part -> collector.add(request, part));
        request.exceptionHandler(broken -> whole.tryFail(HttpFailure.brokenBody()));
        request.endHandler(end -> whole.tryComplete(collector.collected));
        String announced = request.getHeader("Content-Length");
        if (announced != null && announced.length() < 19 && Long.parseLong(announced) > maxBytes) {
            collector.refuse();
        }
        long timer = vertx.setTimer(MAX_MILLIS, late -> whole.tryFail(HttpFailure.slowBody()));
        return whole.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    /** Reads and drops the body of a request that is refused before its body matters, but not without end. */
    static void drop(Vertx vertx, HttpServerRequest request) {
        if (!request.isEnded()) {
            // Its failure is that of a body that is too large, which nobody waits for: the answer is given.
            var unused = collect(vertx, request, 0);
        }
    }

    private void add(HttpServerRequest request, Buffer part) {
        received += part.length();
        if (received <= maxBytes && !whole.future().isComplete()) {
            collected.appendBuffer(part);
        } else {
            refuse();
            if (received > maxBytes + MAX_DROPPED_BYTES) {
                cut(request);
            }
        }
    }

    /** Ends a request whose sender does not stop: others on its connection, where there can be any, go on. */
    static void cut(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            var unused = request.response().reset();
        } else {
            var unused = request.connection().close();
        }
    }

    private void refuse() {
        collected = Buffer.buffer();
        whole.tryFail(HttpFailure.bodyTooLarge(maxBytes));
    }
}
