package io.velox.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.NumberInput;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import io.velox.serving.bulk.LineFormat;
import io.velox.serving.bulk.LineReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Comma-separated values, quoted as in RFC 4180, below a header with the columns uid, item, label and perhaps timestamp, id and
 * impression in any order. Items are ids; an empty cell of the columns that may be missing is a missing one. A record is one line: a
 * quoted line break could only be in an id, where it is not allowed. Immutable.
 */
record CsvFormat(ObservationReader reader) implements LineFormat {
    static final String MEDIA_TYPE = "text/csv";

    private static final ObjectReader CELLS =
            new CsvMapper().readerFor(String[].class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final List<String> REQUIRED = List.of("uid", "item", "label");

    /** A number as JSON spells it, which is less than Java would read. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    @Override
    public long firstLine() {
        return 2;
    }

    @Override
    public LineParser begin(LineReader lines) throws IOException {
        if (!lines.next() || lines.isTooLong()) {
            throw Fields.invalid("header", "must be a line with the columns " + REQUIRED);
        }
        String[] columns = cells("header", lines);
        for (int i = 0; i < columns.length; i++) {
            columns[i] = columns[i].strip();
            if (columns[i].isEmpty()) {
                throw Fields.invalid("header", "must name each column, but column " + (i + 1) + " has no name");
            }
            if (!ObservationReader.FIELDS.contains(columns[i])) {
                throw Fields.invalid(
                        columns[i].length() <= 80 ? columns[i] : columns[i].substring(0, 80),
                        "is no column here; there may be "
                                + ObservationReader.FIELDS.stream().sorted().toList());
            }
            if (Arrays.asList(columns).subList(0, i).contains(columns[i])) {
                throw Fields.invalid(columns[i], "must be one column, but is two");
            }
        }
        for (String required : REQUIRED) {
            if (!Arrays.asList(columns).contains(required)) {
                throw Fields.invalid(required, "is missing in the header");
            }
        }
        return line -> reader.read("line", object(columns, cells("line", line)));
    }

    private static ObjectNode object(String[] columns, String[] cells) {
        if (cells.length != columns.length) {
            throw Fields.invalid(
                    "line", "must have " + columns.length + " cells, as the header has, but has " + cells.length);
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.length; i++) {
            if (!cells[i].isEmpty() || REQUIRED.contains(columns[i])) {
                object.set(columns[i], columns[i].equals("label") ? number(cells[i]) : TextNode.valueOf(cells[i]));
            }
        }
        return object;
    }

    /** The text itself if it is no number, to be refused as such. */
    private static JsonNode number(String text) {
        return text.length() <= 100 && NUMBER.matcher(text).matches()
                ? DoubleNode.valueOf(NumberInput.parseDouble(text, true))
                : TextNode.valueOf(text);
    }

    private static String[] cells(String what, LineReader line) {
        try {
            return CELLS.<String[]>readValue(text(what, line));
        } catch (JsonProcessingException e) {
            throw Fields.invalid(
                    what,
                    "must be CSV, but at column " + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage());
        }
    }

    private static String text(String what, LineReader line) {
        String text = new String(line.buffer(), line.start(), line.length(), UTF_8);
        // What stands for broken bytes may also have been sent as such.
        if (text.indexOf('\ufffd') >= 0) {
            try {
                return UTF_8.newDecoder()
                        .decode(ByteBuffer.wrap(line.buffer(), line.start(), line.length()))
                        .toString();
            } catch (CharacterCodingException e) {
                throw Fields.invalid(what, "must be UTF-8, but has other bytes");
            }
        }
        return text;
    }
}
