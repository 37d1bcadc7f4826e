package io.velox.system.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.stream.Collectors;

/** How the values of a body are written down. */
enum BodyForm {
    JSON,
    NDJSON,
    CSV;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> COLUMNS = List.of("uid", "item", "label", "timestamp", "id", "impression");

    static BodyForm of(String mediaType) {
        return switch (mediaType) {
            case "application/json" -> JSON;
            case "application/x-ndjson" -> NDJSON;
            case "text/csv" -> CSV;
            default -> throw new AssertionError("no bodies can be written as " + mediaType + " yet; add its form here");
        };
    }

    Draft.Body body(String mediaType, List<JsonNode> lines) {
        String text =
                switch (this) {
                    case JSON -> written(lines.get(0));
                    case NDJSON ->
                        lines.stream().map(line -> written(line) + "\n").collect(Collectors.joining());
                    case CSV ->
                        String.join(",", COLUMNS) + "\n"
                                + lines.stream().map(line -> row(line) + "\n").collect(Collectors.joining());
                };
        return new Draft.Body(mediaType, lines, text);
    }

    private static String row(JsonNode line) {
        return COLUMNS.stream().map(column -> cell(line.path(column))).collect(Collectors.joining(","));
    }

    private static String cell(JsonNode value) {
        if (value.isMissingNode()) {
            return "";
        }
        String text = value.isTextual() ? value.asText() : written(value);
        return "\"" + text.replace("\"", "\"\"") + "\"";
    }

    private static String written(JsonNode json) {
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
