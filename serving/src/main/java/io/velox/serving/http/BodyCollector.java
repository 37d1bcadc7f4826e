package io.velox.serving.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Collects a request's body up to a size. Event-loop confined. Of a larger body the rest is read and dropped, so that the client gets
 * to read its answer, but not without end.
 */
final class BodyCollector {
    private static final long MAX_DROPPED_BYTES = 64L << 20;
    private static final long MAX_SECONDS = 60;

    private final long maxBytes;
    private final Promise<Buffer> whole = Promise.promise();
    private Buffer collected = Buffer.buffer();
    private long received;

    private BodyCollector(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The body; fails with 413 when it is too large, 408 when it takes too long to come. */
    static Future<Buffer> collect(HttpServerRequest request, long maxBytes) {
        BodyCollector collector = new BodyCollector(maxBytes);
        request.handler(part -> collector.add(request, part));
        request.exceptionHandler(collector.whole::tryFail);
        request.endHandler(end -> collector.whole.tryComplete(collector.collected));
        String announced = request.getHeader("Content-Length");
        if (announced != null && announced.length() < 19 && Long.parseLong(announced) > maxBytes) {
            collector.refuse();
        }
        Future<Buffer> body = collector.whole.future();
        return body.isComplete()
                ? body
                : body.timeout(MAX_SECONDS, TimeUnit.SECONDS)
                        .recover(e -> Future.failedFuture(e instanceof TimeoutException ? HttpFailure.slowBody() : e));
    }

    private void add(HttpServerRequest request, Buffer part) {
        received += part.length();
        if (received <= maxBytes && !whole.future().isComplete()) {
            collected.appendBuffer(part);
        } else {
            refuse();
            if (received > maxBytes + MAX_DROPPED_BYTES) {
                request.connection().close();
            }
        }
    }

    private void refuse() {
        collected = Buffer.buffer();
        whole.tryFail(HttpFailure.bodyTooLarge(maxBytes));
    }
}
