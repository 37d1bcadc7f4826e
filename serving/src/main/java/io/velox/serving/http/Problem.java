package io.velox.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordCodec;
import io.velox.serving.bulk.BulkFailure;
import io.velox.serving.bulk.BulkProgress;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A problem document.
 *
 * <p>Source: RFC 9457. {@code code} and {@code field} are extensions: Velox's own name of the failure, and the part of the request at
 * fault; {@code firstLine} and {@code progress} tell of an import how far it got.
 */
record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable String field,
        @Nullable Long firstLine,
        @Nullable BulkProgress progress) {
    static final String CONTENT_TYPE = "application/problem+json";

    private static final int MAX_TEXT = 600;

    /** What a failure looks like from outside; failures without a name keep what they say to themselves. */
    static Problem of(Throwable thrown) {
        Throwable failure = cause(thrown);
        if (failure instanceof BulkFailure bulk) {
            return of(bulk.reason()).after(bulk);
        }
        if (failure instanceof HttpFailure http) {
            return named(http.status(), http.code(), text(http), http.field().orElse(null));
        }
        if (failure instanceof VeloxException velox) {
            return named(
                    status(velox.code()),
                    velox.code().name(),
                    text(velox),
                    velox.field().orElse(null));
        }
        return named(
                500, ErrorCode.INTERNAL.name(), "Velox met a defect of its own; its log says more at this time", null);
    }

    /** The reply that carries the problem that a failure is. */
    static Reply reply(Throwable thrown) {
        Throwable failure = cause(thrown);
        Throwable reason = failure instanceof BulkFailure bulk ? bulk.reason() : failure;
        Map<String, String> headers = reason instanceof HttpFailure http ? http.headers() : Map.of();
        return of(thrown).reply(headers);
    }

    private Problem after(BulkFailure bulk) {
        return new Problem(type, title, status, detail, code, field, bulk.nextLine(), bulk.progress());
    }

    private Reply reply(Map<String, String> headers) {
        Map<String, String> sent = status == 503 ? Map.of("Retry-After", "1") : headers;
        return new Reply(status, CONTENT_TYPE, Buffer.buffer(RecordCodec.write(this)), sent);
    }

    /** What is behind the wrappers of futures. */
    static Throwable cause(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static Problem named(int status, String code, String detail, @Nullable String field) {
        String words = code.toLowerCase(Locale.ROOT);
        String title = code.charAt(0) + words.substring(1).replace('_', ' ');
        return new Problem(
                "urn:velox:problem:" + words.replace('_', '-'),
                title,
                status,
                clean(detail),
                code,
                field == null ? null : clean(field),
                null,
                null);
    }

    private static int status(ErrorCode code) {
        return switch (code.family()) {
            case USER -> 400;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case UNAVAILABLE -> 503;
            case INTERNAL -> 500;
        };
    }

    private static String text(Throwable failure) {
        return Objects.requireNonNullElse(failure.getMessage(), "");
    }

    /** A text that may quote the request, short and fit for JSON (half surrogate pairs are not). */
    private static String clean(String text) {
        String part = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
        return new String(part.getBytes(UTF_8), UTF_8);
    }
}
