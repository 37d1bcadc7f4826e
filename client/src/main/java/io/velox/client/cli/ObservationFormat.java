package io.velox.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import io.velox.client.Observation;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the lines of a file say what users did: NDJSON as {@code observe} takes it, CSV with a header, or MovieLens's
 * {@code user::item::rating::time}. Times are ISO 8601 or seconds since 1970.
 */
abstract class ObservationFormat {
    private static final JsonMapper JSON = new JsonMapper();
    private static final ObjectReader CSV = new CsvMapper().readerFor(String[].class);

    private static final List<String> UID = List.of("uid", "userid", "user_id", "user");
    private static final List<String> ITEM =
            List.of("item", "movieid", "movie_id", "itemid", "item_id", "book_id", "isbn");
    private static final List<String> LABEL = List.of("label", "rating");
    private static final List<String> TIME = List.of("timestamp", "time");
    private static final List<String> ID = List.of("id");

    /** Whether the first line only names the columns. */
    abstract boolean hasHeader();

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is not a good observation; the message says why
     */
    abstract Observation read(String line);

    /** The format that a file's first line shows. */
    static ObservationFormat of(String firstLine) {
        if (firstLine.startsWith("{")) {
            return new Ndjson();
        }
        if (firstLine.contains("::")) {
            return new Separated("::");
        }
        String[] header = Arrays.stream(cells(firstLine))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
        int uid = column(header, UID);
        int item = column(header, ITEM);
        int label = column(header, LABEL);
        if (uid < 0 || item < 0 || label < 0) {
            throw new IllegalArgumentException(
                    "the first line must be JSON, or user::item::rating::time, or a CSV header with the columns uid, item, label and"
                            + " perhaps timestamp and id; but it is '"
                            + (firstLine.length() > 80 ? firstLine.substring(0, 77) + "..." : firstLine) + "'");
        }
        return new Csv(header.length, uid, item, label, column(header, TIME), column(header, ID));
    }

    private static int column(String[] header, List<String> names) {
        for (int i = 0; i < header.length; i++) {
            if (names.contains(header[i])) {
                return i;
            }
        }
        return -1;
    }

    private static String[] cells(String line) {
        try {
            return CSV.<String[]>readValue(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not valid CSV: " + e.getOriginalMessage(), e);
        }
    }

    private static Observation observation(
            String uid, JsonNode item, String label, @Nullable String time, @Nullable String id) {
        double rating;
        try {
            rating = Double.parseDouble(label);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("label must be a number, but got '" + label + "'", e);
        }
        return new Observation(uid, item, rating, time == null || time.isEmpty() ? null : time(time), id);
    }

    private static Instant time(String text) {
        try {
            return text.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? Instant.ofEpochSecond(Long.parseLong(text))
                    : Instant.parse(text);
        } catch (DateTimeException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "timestamp must be ISO 8601 or seconds since 1970, but got '" + text + "'", e);
        }
    }

    private static final class Ndjson extends ObservationFormat {
        @Override
        boolean hasHeader() {
            return false;
        }

        @Override
        Observation read(String line) {
            JsonNode json;
            try {
                json = JSON.readTree(line);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("not valid JSON: " + e.getOriginalMessage(), e);
            }
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                if (!List.of("uid", "item", "label", "timestamp", "id").contains(field.getKey())) {
                    throw new IllegalArgumentException("unknown field " + field.getKey());
                }
            }
            for (String field : List.of("uid", "item", "label")) {
                if (!json.hasNonNull(field)) {
                    throw new IllegalArgumentException(field + " is missing");
                }
            }
            return observation(
                    json.get("uid").asText(),
                    json.get("item"),
                    json.get("label").isNumber()
                            ? json.get("label").asText()
                            : json.get("label").toString(),
                    json.path("timestamp").asText(null),
                    json.path("id").asText(null));
        }
    }

    private static final class Separated extends ObservationFormat {
        private final String separator;

        Separated(String separator) {
            this.separator = separator;
        }

        @Override
        boolean hasHeader() {
            return false;
        }

        @Override
        Observation read(String line) {
            String[] parts = line.split(separator, -1);
            if (parts.length < 3) {
                throw new IllegalArgumentException("must have at least three parts, user::item::rating");
            }
            return observation(
                    parts[0], TextNode.valueOf(parts[1]), parts[2], parts.length > 3 ? parts[3] : null, null);
        }
    }

    private static final class Csv extends ObservationFormat {
        private final int columns;
        private final int uid;
        private final int item;
        private final int label;
        private final int time;
        private final int id;

        Csv(int columns, int uid, int item, int label, int time, int id) {
            this.columns = columns;
            this.uid = uid;
            this.item = item;
            this.label = label;
            this.time = time;
            this.id = id;
        }

        @Override
        boolean hasHeader() {
            return true;
        }

        @Override
        Observation read(String line) {
            String[] cells = cells(line);
            if (cells.length != columns) {
                throw new IllegalArgumentException("must have " + columns + " columns, but has " + cells.length);
            }
            return observation(
                    cells[uid],
                    TextNode.valueOf(cells[item]),
                    cells[label],
                    time < 0 ? null : cells[time],
                    id < 0 || cells[id].isEmpty() ? null : cells[id]);
        }
    }
}
