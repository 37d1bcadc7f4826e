package io.velox.serving.http;

import java.util.Map;
import java.util.Optional;

/** A request that fails before it means anything: wrong path, method, media type or size. */
final class HttpFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String field;
    private final transient Map<String, String> headers;

    HttpFailure(int status, String code, String field, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.field = field;
        this.headers = Map.copyOf(headers);
    }

    static HttpFailure badPath(String message) {
        return new HttpFailure(400, "INVALID_REQUEST", "path", message, Map.of());
    }

    static HttpFailure unknownPath() {
        return new HttpFailure(
                404,
                "UNKNOWN_PATH",
                "",
                "there is nothing at this path; GET /openapi.yaml says what there is",
                Map.of());
    }

    static HttpFailure wrongMethod(String allowed) {
        return new HttpFailure(
                405, "METHOD_NOT_ALLOWED", "", "this path takes " + allowed + " only", Map.of("Allow", allowed));
    }

    static HttpFailure wrongMediaType(String message) {
        return wrongMediaType("Content-Type", message, Reply.JSON);
    }

    /** {@code accepted}: the media types that would do, separated by commas. */
    static HttpFailure wrongMediaType(String header, String message, String accepted) {
        return new HttpFailure(415, "UNSUPPORTED_MEDIA_TYPE", header, message, Map.of("Accept-Post", accepted));
    }

    static HttpFailure bodyTooLarge(long maxBytes) {
        return new HttpFailure(
                413,
                "BODY_TOO_LARGE",
                "body",
                "body must have at most " + maxBytes + " bytes (serving.max-body-kib); send it in parts",
                Map.of());
    }

    static HttpFailure slowBody() {
        return new HttpFailure(
                408, "REQUEST_TIMEOUT", "body", "body took too long to arrive", Map.of("Connection", "close"));
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    Optional<String> field() {
        return field.isEmpty() ? Optional.empty() : Optional.of(field);
    }

    Map<String, String> headers() {
        return headers;
    }
}
