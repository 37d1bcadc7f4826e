package io.velox.client.ratings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.velox.client.Observation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object in each line. Where the first has uid, item and label, a field that observations do not have is an error; where fields
 * are mapped, or found by other names, the rest of each object is left alone.
 */
final class JsonFormat implements RatingFormat {
    private static final ObjectReader JSON = new JsonMapper().reader();

    private final Map<RatingField, String> fields;
    private final boolean isStrict;

    private JsonFormat(Map<RatingField, String> fields, boolean isStrict) {
        this.fields = fields;
        this.isStrict = isStrict;
    }

    static JsonFormat of(String firstLine, RatingColumns columns) {
        List<String> names = names(firstLine);
        Map<RatingField, String> fields = new EnumMap<>(RatingField.class);
        for (RatingField field : RatingField.values()) {
            if (!columns.omits(field)) {
                fields.put(
                        field, columns.given(field).or(() -> field.among(names)).orElse(field.word()));
            }
        }
        boolean isOwn = fields.entrySet().stream()
                .allMatch(field -> field.getKey().word().equals(field.getValue()));
        return new JsonFormat(fields, isOwn && columns.isEmpty());
    }

    @Override
    public boolean hasHeader() {
        return false;
    }

    @Override
    public Observation read(String line) {
        JsonNode json = parse(line);
        if (isStrict) {
            json.fieldNames().forEachRemaining(name -> {
                if (RatingField.of(name).isEmpty()) {
                    throw new IllegalArgumentException("unknown field " + name
                            + "; to leave it alone, say --columns uid=uid,item=item,label=label");
                }
            });
        }
        JsonNode label = required(json, RatingField.LABEL);
        return RatingValues.observation(
                required(json, RatingField.UID).asText(),
                required(json, RatingField.ITEM),
                label.isNumber() ? label.asText() : label.toString(),
                optional(json, RatingField.TIMESTAMP),
                optional(json, RatingField.ID));
    }

    private JsonNode required(JsonNode json, RatingField field) {
        String name = fields.getOrDefault(field, field.word());
        JsonNode value = json.get(name);
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    private @Nullable String optional(JsonNode json, RatingField field) {
        String name = fields.get(field);
        return name == null ? null : json.path(name).asText(null);
    }

    private static JsonNode parse(String line) {
        JsonNode json;
        try {
            json = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not valid JSON: " + e.getOriginalMessage(), e);
        }
        if (!json.isObject()) {
            throw new IllegalArgumentException("must be a JSON object");
        }
        return json;
    }

    /** None of a first line that is no object: it will be a bad line. */
    private static List<String> names(String firstLine) {
        List<String> names = new ArrayList<>();
        try {
            parse(firstLine).fieldNames().forEachRemaining(names::add);
        } catch (IllegalArgumentException e) {
            return List.of();
        }
        return names;
    }
}
