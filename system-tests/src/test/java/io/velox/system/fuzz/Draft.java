package io.velox.system.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.system.wire.WireRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** A request in the making, open to be spoilt. */
final class Draft {
    final ApiOperation operation;
    final Map<String, String> path = new LinkedHashMap<>();
    final List<String> query = new ArrayList<>();
    final List<String> headers = new ArrayList<>();
    String method;
    Body body = Body.NONE;

    /** Whether the body goes over the wire compressed. */
    boolean isGzip;

    /** Bytes announced beyond those that follow. */
    int missingBytes;

    /** @param encoded the values of the path's parameters, percent-encoded */
    Draft(ApiOperation operation, Map<String, String> encoded) {
        this.operation = operation;
        this.method = operation.method();
        this.path.putAll(encoded);
    }

    /**
     * What is sent as the body.
     *
     * @param lines the JSON values of it: one, or one for each line of a stream
     * @param text before any compression
     */
    @SuppressWarnings("ArrayRecordComponent") // never changed
    record Body(String mediaType, List<JsonNode> lines, byte[] text) {
        static final Body NONE = new Body("", List.of(), new byte[0]);

        Body(String mediaType, List<JsonNode> lines, String text) {
            this(mediaType, lines, text.getBytes(UTF_8));
        }

        boolean isNone() {
            return mediaType.isEmpty();
        }
    }

    String target() {
        String target = operation.template();
        for (Map.Entry<String, String> parameter : path.entrySet()) {
            target = target.replace("{" + parameter.getKey() + "}", parameter.getValue());
        }
        return query.isEmpty() ? target : target + "?" + String.join("&", query);
    }

    /** Makes what goes over the wire compressed the body itself, so that it can be spoilt as such. */
    void compress() {
        body = new Body(body.mediaType(), List.of(), compressed(body.text()));
        headers.add("Content-Encoding: gzip");
        isGzip = false;
    }

    WireRequest request() {
        List<String> all = new ArrayList<>(headers);
        if (!body.isNone()) {
            all.add("Content-Type: " + body.mediaType());
        }
        if (isGzip) {
            all.add("Content-Encoding: gzip");
        }
        byte[] bytes = isGzip ? compressed(body.text()) : body.text();
        boolean hasLength = bytes.length > 0 || !method.equals("GET");
        return new WireRequest(method, target(), all, bytes, hasLength ? bytes.length + missingBytes : -1);
    }

    private static byte[] compressed(byte[] plain) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }
}
