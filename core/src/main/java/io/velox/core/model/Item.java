package io.velox.core.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
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
import java.io.UncheckedIOException;
import java.math.BigDecimal;
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
            names.forEach(name -> object.set(name, canonical(json.get(name))));
            return object;
        }
        if (json.isNumber()) {
            BigDecimal number = json.decimalValue();
            return DecimalNode.valueOf(number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros());
        }
        return json;
    }

    private static String abbreviated(String text) {
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
        public Item deserialize(JsonParser json, DeserializationContext context) {
            try {
                return switch (json.currentToken()) {
                    case VALUE_STRING, VALUE_NUMBER_INT -> ofId(json.getText());
                    default -> ofJson(json.<JsonNode>readValueAsTree());
                };
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
