package io.velox.core.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;

/**
 * What is rated: an id (of a film, say), or data that a computed model understands (a JSON array or object).
 *
 * <p>Immutable. {@code text} is the id itself, or the data as canonical JSON (sorted keys, one spelling of each number), so that
 * equal items are equal texts.
 */
@JsonSerialize(using = Item.Writer.class)
@JsonDeserialize(using = Item.Reader.class)
public record Item(Kind kind, String text) implements Comparable<Item> {
    /** The longest item data, in characters of its canonical JSON. */
    public static final int MAX_DATA_LENGTH = 16_384;

    private static final int MAX_PLAIN_ZEROS = 18;

    /** Whether an item is named or described. */
    public enum Kind {
        ID,
        DATA
    }

    public Item {
        switch (kind) {
            case ID -> Identifiers.checkId("item", text);
            case DATA -> {
                if (text.length() > MAX_DATA_LENGTH) {
                    throw invalid(
                            "item data must have at most " + MAX_DATA_LENGTH + " characters, but has " + text.length());
                }
            }
        }
    }

    public static Item ofId(String id) {
        return new Item(Kind.ID, id);
    }

    /**
     * The item that a JSON value means: a string or an integer is an id, an array or an object is data.
     *
     * @throws VeloxException {@code INVALID_ITEM} for any other value
     */
    public static Item ofJson(JsonNode json) {
        if (json.isTextual()) {
            return ofId(json.textValue());
        }
        if (json.isIntegralNumber()) {
            return ofId(json.asText());
        }
        if (json.isContainerNode()) {
            return new Item(Kind.DATA, canonical(json).toString());
        }
        throw invalid(
                "item must be a string, an integer, or the data of a computed model (an array or an object), but got "
                        + abbreviated(json.toString()));
    }

    public boolean isId() {
        return kind == Kind.ID;
    }

    @Override
    public int compareTo(Item other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : text.compareTo(other.text);
    }

    /** For messages: never longer than a line. */
    @Override
    public String toString() {
        return abbreviated(text);
    }

    private static JsonNode canonical(JsonNode json) {
        if (json.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(json.size());
            json.forEach(element -> array.add(canonical(element)));
            return array;
        }
        if (json.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            TreeSet<String> names = new TreeSet<>();
            json.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> object.set(checkedText(name), canonical(json.get(name))));
            return object;
        }
        if (json.isNumber()) {
            return DecimalNode.valueOf(canonical(json, json.isFloatingPointNumber() && !json.isBigDecimal()));
        }
        if (json.isTextual()) {
            checkedText(json.textValue());
        }
        return json;
    }

    /** The shortest spelling: 1, 1.0 and 10e-1 are the same number, and so are 1000 and 1e3. */
    private static BigDecimal canonical(JsonNode number, boolean isBinary) {
        if (isBinary && !Double.isFinite(number.doubleValue())) {
            throw invalid("item data must not hold numbers beyond 1.8e308");
        }
        BigDecimal value = number.decimalValue().stripTrailingZeros();
        boolean isPlain = value.scale() >= -MAX_PLAIN_ZEROS && value.scale() < 0;
        return isPlain ? value.setScale(0) : value;
    }

    /** Refuses what UTF-8 cannot carry. */
    private static String checkedText(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw invalid("item data must be valid Unicode, but has an unpaired surrogate in '"
                    + abbreviated(text.replaceAll("[\\ud800-\\udfff]", "?")) + "'");
        }
        return text;
    }

    static String abbreviated(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    private static VeloxException invalid(String message) {
        return VeloxException.ofField(ErrorCode.INVALID_ITEM, "item", message);
    }

    static final class Writer extends JsonSerializer<Item> {
        @Override
        public void serialize(Item item, JsonGenerator json, SerializerProvider provider) throws IOException {
            switch (item.kind()) {
                case ID -> json.writeString(item.text());
                case DATA -> json.writeRawValue(item.text());
            }
        }
    }

    static final class Reader extends JsonDeserializer<Item> {
        @Override
        public Item deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return json.hasToken(JsonToken.VALUE_STRING)
                    ? ofId(json.getText())
                    : ofJson(json.<JsonNode>readValueAsTree());
        }
    }
}
