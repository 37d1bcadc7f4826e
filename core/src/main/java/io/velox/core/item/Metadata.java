package io.velox.core.item;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.Identifiers;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known of an item apart from who rated it: its genres, tags, year, title; anything categorical, numeric or text.
 *
 * <p>Immutable. Each field has one value or several; they are kept as text, each once and in ascending order, a number in its shortest
 * plain spelling. In JSON an object whose fields are arrays of strings; {@link #ofJson} takes strings, numbers, booleans and arrays of them.
 */
public record Metadata(@JsonValue SortedMap<String, List<String>> fields) {
    public static final Metadata NONE = new Metadata(new TreeMap<>());

    public static final int MAX_FIELDS = 64;
    public static final int MAX_NAME_LENGTH = 64;
    public static final int MAX_VALUES = 256;
    public static final int MAX_VALUE_LENGTH = Identifiers.MAX_ID_LENGTH;

    /** Of all values together, in characters. */
    public static final int MAX_LENGTH = 16_384;

    private static final int MAX_PLAIN_DIGITS = 18;

    @JsonCreator
    public Metadata {
        SortedMap<String, List<String>> checked = new TreeMap<>();
        int length = 0;
        if (fields.size() > MAX_FIELDS) {
            throw invalid("metadata", "must have at most " + MAX_FIELDS + " fields, but has " + fields.size());
        }
        for (Map.Entry<String, List<String>> field : fields.entrySet()) {
            String name = checkName(field.getKey());
            SortedSet<String> values = new TreeSet<>();
            for (String value : field.getValue()) {
                values.add(Identifiers.checkId("metadata." + name, value));
                length += value.length();
            }
            if (values.size() > MAX_VALUES) {
                throw invalid(
                        "metadata." + name, "must have at most " + MAX_VALUES + " values, but has " + values.size());
            }
            if (!values.isEmpty()) {
                checked.put(name, List.copyOf(values));
            }
        }
        if (length > MAX_LENGTH) {
            throw invalid(
                    "metadata", "must have at most " + MAX_LENGTH + " characters in all values, but has " + length);
        }
        fields = Collections.unmodifiableSortedMap(checked);
    }

    /**
     * Reads an object of a request.
     *
     * @throws VeloxException {@code INVALID_REQUEST}, naming the field
     */
    public static Metadata ofJson(JsonNode json) {
        if (!json.isObject()) {
            throw invalid("metadata", "must be an object, such as {\"genre\":[\"Comedy\"],\"year\":1999}");
        }
        SortedMap<String, List<String>> fields = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            String name = checkName(field.getKey());
            List<String> values = new ArrayList<>();
            if (field.getValue().isArray()) {
                field.getValue().forEach(value -> values.add(text(name, value)));
            } else {
                values.add(text(name, field.getValue()));
            }
            fields.put(name, values);
        }
        return new Metadata(fields);
    }

    /** The text of a single value, as it is kept and as a filter finds it. */
    public static String text(String name, JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        }
        if (value.isBoolean()) {
            return value.asText();
        }
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            BigDecimal number = value.decimalValue().stripTrailingZeros();
            boolean isPlain = Math.abs(number.scale()) <= MAX_PLAIN_DIGITS && number.precision() <= MAX_PLAIN_DIGITS;
            return isPlain ? number.toPlainString() : number.toString();
        }
        throw invalid("metadata." + name, "must be a string, a number, a boolean or an array of these");
    }

    /** The values of a field, ascending; empty where there is none of that name. */
    public List<String> values(String name) {
        return fields.getOrDefault(name, List.of());
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    private static String checkName(String name) {
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
            throw invalid(
                    "metadata",
                    "must have field names of 1 to " + MAX_NAME_LENGTH + " characters, but one has " + name.length());
        }
        return Identifiers.checkId("metadata", name);
    }

    private static VeloxException invalid(String field, String message) {
        return VeloxException.ofField(ErrorCode.INVALID_REQUEST, field, field + " " + message);
    }
}
