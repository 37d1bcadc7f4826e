package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.Identifiers;
import io.velox.core.user.Revision;
import io.velox.serving.predict.ReadOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A request as an operation sees it. Immutable.
 *
 * @param context the event loop of the request
 * @param path the path's parameters
 * @param query the query's parameters, of which all are known to the route
 * @param body empty where there is none
 * @param caller who asks: the name of the key, or the address where there are no keys
 */
record Call(Context context, Map<String, String> path, Map<String, String> query, Buffer body, String caller) {
    /** Continues on the event loop of this request, whichever thread completes the stage. */
    <T> Future<T> await(CompletionStage<T> stage) {
        return Future.fromCompletionStage(stage, context);
    }

    /** The model's name as given, which may be of no model. */
    String model() {
        return parameter("model");
    }

    /** A user or item id in the path. */
    String id(String name) {
        return Identifiers.checkId(name, parameter(name));
    }

    /** A path parameter, decoded. */
    String parameter(String name) {
        return Objects.requireNonNull(path.get(name), name);
    }

    /** The version in the path. */
    int version() {
        return (int) positive("version", parameter("version"), Integer.MAX_VALUE);
    }

    /** The version that the query asks for. */
    OptionalInt queriedVersion() {
        String version = query.get("version");
        return version == null
                ? OptionalInt.empty()
                : OptionalInt.of((int) positive("version", version, Integer.MAX_VALUE));
    }

    /** {@code after} and {@code timeoutMs} of the query. */
    ReadOptions readOptions(long defaultTimeoutMs) {
        Optional<Revision> after = Optional.ofNullable(query.get("after")).map(Revision::parse);
        String timeout = query.get("timeoutMs");
        long millis = timeout == null ? defaultTimeoutMs : positive("timeoutMs", timeout, Fields.MAX_TIMEOUT_MS);
        return new ReadOptions(after, Duration.ofMillis(millis));
    }

    /** A parameter of the query that is {@code true} or {@code false}, and false when it is not given. */
    boolean flag(String name) {
        return switch (query.getOrDefault(name, "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw VeloxException.ofField(ErrorCode.INVALID_REQUEST, name, name + " must be true or false");
        };
    }

    /** A parameter of the query that counts from 1. */
    Optional<Long> optionalLong(String name, long max) {
        return Optional.ofNullable(query.get(name)).map(text -> positive(name, text, max));
    }

    JsonNode json() {
        return JsonBody.parse(body);
    }

    /** Refuses a body that says anything, for operations that take none. */
    void refuseBody() {
        if (body.length() > 0) {
            Fields.of("body", json(), Set.of());
        }
    }

    private static long positive(String field, String text, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= 1 && number <= max && Character.isDigit(text.charAt(0))) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, with what is wanted
        }
        String shown = text.length() <= 40 ? text : text.substring(0, 40) + "...";
        throw VeloxException.ofField(
                ErrorCode.INVALID_REQUEST,
                field,
                field + " must be an integer from 1 to " + max + ", but got '" + shown + "'");
    }
}
