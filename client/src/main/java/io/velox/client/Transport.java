package io.velox.client;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * JSON over HTTP/1.1, problem documents as exceptions, and another attempt where that is harmless: always when the request cannot have
 * arrived, and after an unanswered or a 503 one only if doing it twice is the same as once. Safe for use from any thread.
 */
final class Transport {
    /** A call. {@code twiceIsHarmless}: whether it may be sent again although it may have been done. */
    record Call(String method, String path, @Nullable Object body, Duration timeout, boolean twiceIsHarmless) {}

    /** A body that is sent as it is read; asked for again when it is sent again. */
    record Upload(Supplier<? extends InputStream> bytes, String mediaType, boolean isGzip) {}

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .withConfigOverride(List.class, o -> o.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .withConfigOverride(Map.class, o -> o.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .build();

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final URI api;
    private final HttpClient http;
    private final FailsafeExecutor<JsonNode> repeatable = retryingOn(VeloxClientException::isPassing);
    private final FailsafeExecutor<JsonNode> once = retryingOn(e -> !e.mayHaveArrived());

    Transport(URI api) {
        String text = api.toString();
        this.api = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : api;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /** Sends a call; the answer is null JSON when the server sent no body. */
    JsonNode send(Call call) {
        try {
            return (call.twiceIsHarmless() ? repeatable : once).get(() -> attempt(call));
        } catch (FailsafeException e) {
            // Only an interrupted pause between two attempts comes here.
            Thread.currentThread().interrupt();
            throw new VeloxClientException(
                    0, "INTERRUPTED", null, "interrupted while waiting to try again", true, e.getCause());
        }
    }

    <T> T send(Call call, Class<T> type) {
        return read(send(call), type);
    }

    <T> T read(JsonNode json, Class<T> type) {
        try {
            return JSON.treeToValue(json, type);
        } catch (JsonProcessingException e) {
            throw new VeloxClientException(
                    200,
                    "NOT_VELOX",
                    null,
                    api + " answered with something else than Velox would: " + e.getOriginalMessage(),
                    true,
                    e);
        }
    }

    private static FailsafeExecutor<JsonNode> retryingOn(Predicate<VeloxClientException> harmless) {
        return Failsafe.with(RetryPolicy.<JsonNode>builder()
                .handleIf(e -> e instanceof VeloxClientException refused
                        && harmless.test(refused)
                        && !refused.code().equals("RECEIPT_TIMEOUT")
                        && !(refused.getCause() instanceof HttpTimeoutException))
                .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(2))
                .withJitter(0.2)
                .withMaxRetries(4)
                .build());
    }

    private JsonNode attempt(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + call.path()))
                .timeout(call.timeout())
                .header("Accept", "application/json, application/problem+json")
                .method(call.method(), body(call));
        if (call.body() instanceof Upload upload) {
            request.header("Content-Type", upload.mediaType());
            if (upload.isGzip()) {
                request.header("Content-Encoding", "gzip");
            }
        } else if (call.body() != null) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<byte[]> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new VeloxClientException(
                    0,
                    "NO_ANSWER",
                    null,
                    "nothing answers at " + api
                            + "; start Velox with `velox standalone`, or name another address with --url",
                    false,
                    e);
        } catch (HttpTimeoutException e) {
            throw new VeloxClientException(
                    0,
                    "NO_ANSWER",
                    null,
                    api + call.path() + " did not answer within "
                            + call.timeout().toSeconds() + " s",
                    true,
                    e);
        } catch (IOException e) {
            throw new VeloxClientException(
                    0, "NO_ANSWER", null, "the connection to " + api + " broke: " + e.getMessage(), true, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VeloxClientException(0, "INTERRUPTED", null, "interrupted while waiting for " + api, true, e);
        }
        if (response.statusCode() >= 400) {
            throw problem(response);
        }
        return parse(response);
    }

    private static BodyPublisher body(Call call) {
        if (call.body() == null) {
            return BodyPublishers.noBody();
        }
        if (call.body() instanceof Upload upload) {
            return BodyPublishers.ofInputStream(upload.bytes());
        }
        try {
            return BodyPublishers.ofByteArray(JSON.writeValueAsBytes(call.body()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private JsonNode parse(HttpResponse<byte[]> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new VeloxClientException(
                    response.statusCode(),
                    "NOT_VELOX",
                    null,
                    api + " answered with something else than JSON: " + message(e),
                    true,
                    e);
        }
    }

    private VeloxClientException problem(HttpResponse<byte[]> response) {
        JsonNode problem;
        try {
            problem = JSON.readTree(response.body());
        } catch (IOException e) {
            problem = JSON.nullNode();
        }
        int status = response.statusCode();
        return new VeloxClientException(
                status,
                problem.path("code").asText("HTTP_" + status),
                problem.path("field").asText(null),
                problem.path("detail")
                        .asText(problem.path("title").asText(api + " answered with HTTP status " + status)),
                true,
                null,
                problem.path("firstLine").asLong(0));
    }

    private static String message(IOException e) {
        return e instanceof JacksonException json ? json.getOriginalMessage() : String.valueOf(e.getMessage());
    }
}
