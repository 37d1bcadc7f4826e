package io.velox.serving.http;

import io.velox.serving.access.AccessRefusal;
import java.util.Map;
import java.util.Optional;

/** A request that fails before it means anything: wrong path, method, media type or size. */
final class HttpFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String AUTHORIZATION = "Authorization";

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
                "path",
                "there is nothing at this path; GET /openapi.yaml says what there is",
                Map.of());
    }

    static HttpFailure wrongMethod(String allowed) {
        return new HttpFailure(
                405, "METHOD_NOT_ALLOWED", "method", "this path takes " + allowed + " only", Map.of("Allow", allowed));
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

    /** What a refusal looks like in HTTP. Source: RFC 6750 and 6585. */
    static HttpFailure refused(AccessRefusal refusal) {
        String message = String.valueOf(refusal.getMessage());
        return switch (refusal.reason()) {
            case NO_KEY -> new HttpFailure(401, "UNAUTHENTICATED", AUTHORIZATION, message, challenge(""));
            case FOREIGN_PAGE ->
                new HttpFailure(403, "FORBIDDEN", message.substring(0, message.indexOf(' ')), message, Map.of());
            case WRONG_KEY ->
                new HttpFailure(401, "UNAUTHENTICATED", AUTHORIZATION, message, challenge(", error=\"invalid_token\""));
            case ROLE_TOO_LOW ->
                new HttpFailure(
                        403,
                        "FORBIDDEN",
                        AUTHORIZATION,
                        message,
                        challenge(", error=\"insufficient_scope\", scope=\""
                                + refusal.neededRole().orElseThrow() + "\""));
            case TOO_MANY_REQUESTS ->
                new HttpFailure(
                        429,
                        "TOO_MANY_REQUESTS",
                        AUTHORIZATION,
                        message,
                        Map.of("Retry-After", String.valueOf(refusal.waitSeconds())));
        };
    }

    private static Map<String, String> challenge(String more) {
        return Map.of("WWW-Authenticate", "Bearer realm=\"velox\"" + more);
    }

    static HttpFailure brokenBody() {
        return new HttpFailure(400, "INVALID_REQUEST", "body", "body must arrive whole", Map.of());
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
