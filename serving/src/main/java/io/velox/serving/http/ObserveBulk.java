package io.velox.serving.http;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.Identifiers;
import io.velox.serving.bulk.BodyStream;
import io.velox.serving.bulk.BulkFailure;
import io.velox.serving.bulk.BulkImport;
import io.velox.serving.bulk.BulkMetrics;
import io.velox.serving.bulk.BulkProgress;
import io.velox.serving.bulk.LineFormat;
import io.velox.serving.log.ObservationLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code POST /v1/observe/bulk}: a stream of observations, a line each, into the log. Each import has a thread of its own, which
 * waits for the body and for the log; the event loop only hands the body over. Safe for use from any thread.
 */
final class ObserveBulk implements StreamOperation {
    /** The most imports at a time; with the outstanding bytes of each, what imports may hold of the heap. */
    static final int MAX_RUNNING = 8;

    private static final String MEDIA_TYPES = NdjsonFormat.MEDIA_TYPE + ", " + CsvFormat.MEDIA_TYPE;
    private static final int MAX_QUEUED_BYTES = 256 << 10;
    private static final Duration PATIENCE_WITH_THE_SENDER = Duration.ofSeconds(30);

    /** With the longest line number behind it, a name is still an id. */
    private static final int MAX_NAME_LENGTH = 200;

    private static final long MAX_FIRST_LINE = 1_000_000_000_000_000L;
    private static final long MAX_DROPPED_BYTES = 64L << 20;
    private static final long MAX_DROPPING_MILLIS = 60_000;

    private final ObservationReader reader;
    private final ObservationLog log;
    private final BulkMetrics metrics;
    private final Duration patience;
    private final ThreadPoolExecutor threads;

    ObserveBulk(ObservationReader reader, ObservationLog log, BulkMetrics metrics) {
        this(reader, log, metrics, PATIENCE_WITH_THE_SENDER);
    }

    /** {@code patience}: how long a sender may send nothing. */
    ObserveBulk(ObservationReader reader, ObservationLog log, BulkMetrics metrics, Duration patience) {
        this.reader = reader;
        this.log = log;
        this.metrics = metrics;
        this.patience = patience;
        AtomicInteger number = new AtomicInteger();
        // Threads that end when they idle, so that there is nothing to close.
        this.threads = new ThreadPoolExecutor(0, MAX_RUNNING, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "bulk-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public Future<Reply> answer(Call call, HttpServerRequest request) {
        Optional<String> name = Optional.ofNullable(call.query().get("name")).map(ObserveBulk::checkedName);
        Optional<Long> firstLine = call.optionalLong("first-line", MAX_FIRST_LINE);
        if (hasNoBody(request)) {
            return Future.succeededFuture(Reply.ok(BulkProgress.NONE));
        }
        BulkImport.Options options = new BulkImport.Options(format(request), isGzip(request), firstLine, name);
        BodyStream body = new BodyStream(valve(call.context(), request), MAX_QUEUED_BYTES, patience);
        BulkImport bulk = new BulkImport(body, options, log, metrics);
        CompletableFuture<BulkProgress> imported;
        try {
            imported = CompletableFuture.supplyAsync(bulk::run, threads);
        } catch (RejectedExecutionException e) {
            throw new VeloxException(
                    ErrorCode.OVERLOADED, MAX_RUNNING + " imports are running; begin another when one has ended", e);
        }
        request.handler(part -> body.feed(part.getBytes()));
        request.endHandler(end -> body.end());
        request.exceptionHandler(body::fail);
        return call.await(imported).map(Reply::ok).recover(e -> {
            dropTheRest(call.context().owner(), request);
            return Future.failedFuture(Problem.cause(e) instanceof BulkFailure f ? inHttp(f) : e);
        });
    }

    private static BodyStream.Valve valve(Context context, HttpServerRequest request) {
        return new BodyStream.Valve() {
            @Override
            public void pause() {
                request.pause();
            }

            @Override
            public void resume() {
                context.runOnContext(now -> request.resume());
            }
        };
    }

    /** What the failure of a body is called over HTTP. */
    static BulkFailure inHttp(BulkFailure failure) {
        Exception reason = failure.reason();
        if (reason instanceof BodyStream.StalledException) {
            reason = HttpFailure.slowBody();
        } else if (reason instanceof IOException) {
            reason = Fields.invalid(
                    "body", "must be whole and, as its Content-Encoding says, gzip: " + reason.getMessage());
        }
        return new BulkFailure(reason, failure.progress(), failure.nextLine());
    }

    /** Lets a sender that is still at it come to its answer, but not without end. */
    private static void dropTheRest(Vertx vertx, HttpServerRequest request) {
        if (request.isEnded() || request.response().closed()) {
            return;
        }
        long[] dropped = new long[1];
        long timer = vertx.setTimer(MAX_DROPPING_MILLIS, late -> BodyCollector.cut(request));
        request.endHandler(end -> vertx.cancelTimer(timer));
        request.exceptionHandler(gone -> vertx.cancelTimer(timer));
        request.handler(part -> {
            dropped[0] += part.length();
            if (dropped[0] > MAX_DROPPED_BYTES) {
                BodyCollector.cut(request);
            }
        });
    }

    private static boolean hasNoBody(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        if (length != null) {
            return length.equals("0");
        }
        // In HTTP/2 nothing tells before the end.
        return request.version() != HttpVersion.HTTP_2 && request.getHeader("Transfer-Encoding") == null;
    }

    private LineFormat format(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        String[] parts =
                type == null ? new String[] {""} : type.toLowerCase(Locale.ROOT).split(";", -1);
        boolean isUtf8 = true;
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replace("\"", "").replace(" ", "");
            isUtf8 &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
        }
        return switch (isUtf8 ? parts[0].trim() : "") {
            case NdjsonFormat.MEDIA_TYPE -> new NdjsonFormat(reader);
            case CsvFormat.MEDIA_TYPE -> new CsvFormat(reader);
            default ->
                throw HttpFailure.wrongMediaType(
                        "Content-Type", "Content-Type must be one of " + MEDIA_TYPES + ", in UTF-8", MEDIA_TYPES);
        };
    }

    private static boolean isGzip(HttpServerRequest request) {
        String encoding = request.getHeader("Content-Encoding");
        return switch (encoding == null ? "identity" : encoding.toLowerCase(Locale.ROOT)) {
            case "identity" -> false;
            case "gzip" -> true;
            default ->
                throw HttpFailure.wrongMediaType(
                        "Content-Encoding", "Content-Encoding must be gzip or identity", MEDIA_TYPES);
        };
    }

    private static String checkedName(String name) {
        if (name.length() > MAX_NAME_LENGTH) {
            throw Fields.invalid(
                    "name", "must have at most " + MAX_NAME_LENGTH + " characters, but has " + name.length());
        }
        return Identifiers.checkId("name", name);
    }
}
