package io.velox.serving.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.error.VeloxException;
import io.velox.core.item.Metadata;
import io.velox.serving.items.ItemFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a filter: an object whose fields are values of metadata, or arrays of them. */
final class FilterReader {
    private FilterReader() {}

    /**
     * The filter that a JSON value means.
     *
     * @throws VeloxException {@code INVALID_REQUEST}, naming the field
     */
    static ItemFilter read(JsonNode json) {
        if (!json.isObject()) {
            throw Fields.invalid(
                    "filter",
                    "must be an object, such as {\"genre\":[\"Comedy\"],\"year\":1999}, but is " + Fields.kind(json));
        }
        if (json.size() > Metadata.MAX_FIELDS) {
            throw Fields.tooMuch(
                    "filter", "must have at most " + Metadata.MAX_FIELDS + " fields, but has " + json.size());
        }
        SortedMap<String, List<String>> fields = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            fields.put(field.getKey(), values(field.getKey(), field.getValue()));
        }
        return new ItemFilter(fields);
    }

    private static List<String> values(String name, JsonNode json) {
        String place = "filter." + (name.length() <= 80 ? name : name.substring(0, 80));
        if (!json.isArray()) {
            return List.of(value(place, json));
        }
        if (json.isEmpty()) {
            throw Fields.invalid(place, "must have a value at least; nothing has none of them");
        }
        if (json.size() > Metadata.MAX_VALUES) {
            throw Fields.tooMuch(place, "must have at most " + Metadata.MAX_VALUES + " values, but has " + json.size());
        }
        List<String> values = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
            values.add(value(place + "[" + i + "]", json.get(i)));
        }
        return values;
    }

    /** As metadata keeps it. */
    private static String value(String place, JsonNode json) {
        try {
            return Metadata.text(place, json);
        } catch (VeloxException e) {
            throw VeloxException.ofField(
                    e.code(),
                    place,
                    place + " must be a string, a number, a boolean or an array of these, but is " + Fields.kind(json));
        }
    }
}
