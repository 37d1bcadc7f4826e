package io.velox.serving.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body as one JSON value, strictly: no key twice, no {@code NaN}, nothing behind the value, and neither depth nor
 * numbers without bound.
 */
final class JsonBody {
    static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .build())
            .build());

    private JsonBody() {}

    /**
     * Parses the body.
     *
     * @throws VeloxException {@code INVALID_REQUEST}, naming the place where it stops being JSON
     */
    static JsonNode parse(Buffer body) {
        byte[] bytes = body.getBytes();
        return parse("body", bytes, 0, bytes.length);
    }

    /** Parses one line of a body that has many; complaints call it {@code line}. */
    static JsonNode parseLine(byte[] bytes, int start, int length) {
        return parse("line", bytes, start, length);
    }

    private static JsonNode parse(String what, byte[] bytes, int start, int length) {
        try (JsonParser parser = JSON.createParser(bytes, start, length)) {
            return parse(what, parser);
        } catch (IOException e) {
            throw invalid(what, what + " must be JSON in UTF-8");
        }
    }

    /** Parses a text that is JSON by itself, such as an item in a path. */
    static JsonNode parse(String field, String text) {
        try {
            return parse(Buffer.buffer(text));
        } catch (VeloxException e) {
            throw invalid(field, field + " must be JSON: " + e.getMessage());
        }
    }

    private static JsonNode parse(String what, JsonParser parser) throws IOException {
        try {
            JsonNode json = JSON.readTree(parser);
            if (json == null || json.isMissingNode()) {
                throw invalid(what, what + " must be a JSON value, but is empty");
            }
            if (parser.nextToken() != null) {
                throw invalid(what, what + " must be one JSON value, but something follows it");
            }
            return json;
        } catch (StreamConstraintsException e) {
            throw invalid(
                    place(what, parser.getParsingContext()),
                    what + " must be nested at most " + MAX_DEPTH + " deep, with numbers of at most "
                            + MAX_NUMBER_LENGTH + " characters");
        } catch (JsonProcessingException e) {
            throw invalid(
                    place(what, parser.getParsingContext()),
                    what + " must be valid JSON, but at "
                            + (what.equals("line")
                                    ? ""
                                    : "line " + e.getLocation().getLineNr() + ", ") + "column "
                            + e.getLocation().getColumnNr() + ": " + message(e));
        }
    }

    /** What is wrong, without where the parser began, of which it says nothing useful. */
    private static String message(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        int source = message.indexOf(" (start marker at");
        return source < 0 ? message : message.substring(0, source);
    }

    /** Where the parser stands, such as {@code [3].label}. */
    private static String place(String what, @Nullable JsonStreamContext context) {
        StringBuilder place = new StringBuilder();
        for (JsonStreamContext c = context; c != null && !c.inRoot(); c = c.getParent()) {
            if (c.inArray()) {
                place.insert(0, "[" + c.getCurrentIndex() + "]");
            } else if (c.getCurrentName() != null) {
                place.insert(0, "." + c.getCurrentName());
            }
        }
        String text = place.length() > 0 && place.charAt(0) == '.' ? place.substring(1) : place.toString();
        return text.isEmpty() ? what : text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }

    private static VeloxException invalid(String field, String message) {
        return VeloxException.ofField(ErrorCode.INVALID_REQUEST, field, message);
    }
}
