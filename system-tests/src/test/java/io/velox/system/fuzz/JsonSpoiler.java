package io.velox.system.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Spoils one place of a JSON value: a field too few or too many, another type, a value out of all bounds. For use by one thread. */
final class JsonSpoiler {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Random random;

    JsonSpoiler(Random random) {
        this.random = random;
    }

    /** The spoilt value and where it was spoilt. */
    record Result(JsonNode json, Spoilt spoilt) {}

    /** A place in a value: what is there, its name, and how it is replaced. */
    private record Place(String name, JsonNode value, Consumer<JsonNode> replace) {}

    /** @param json left as it is */
    Result spoil(JsonNode json) {
        JsonNode[] root = {json.deepCopy()};
        List<Place> places = new ArrayList<>();
        collect(new Place("", root[0], replacement -> root[0] = replacement), places);
        Place place = places.get(random.nextInt(places.size()));
        Spoilt spoilt = place.value instanceof ObjectNode object && random.nextInt(4) > 0
                ? spoilObject(place.name, object)
                : replace(place);
        return new Result(root[0], spoilt);
    }

    private static void collect(Place place, List<Place> places) {
        places.add(place);
        if (place.value instanceof ObjectNode object) {
            object.properties()
                    .forEach(field -> collect(
                            new Place(
                                    place.name.isEmpty() ? field.getKey() : place.name + "." + field.getKey(),
                                    field.getValue(),
                                    replacement -> object.set(field.getKey(), replacement)),
                            places));
        } else if (place.value instanceof ArrayNode array) {
            for (int i = 0; i < Math.min(array.size(), 20); i++) {
                int index = i;
                collect(new Place(place.name + "[" + i + "]", array.get(i), r -> array.set(index, r)), places);
            }
        }
    }

    private Spoilt spoilObject(String place, ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String prefix = place.isEmpty() ? "" : place + ".";
        if (random.nextBoolean() && !names.isEmpty()) {
            String name = names.get(random.nextInt(names.size()));
            object.remove(name);
            // Without a session, or several requests, somebody must have a name.
            boolean isNameless =
                    (name.equals("session") && !object.has("uid")) || (name.equals("requests") && object.isEmpty());
            return new Spoilt("without a field", prefix + (isNameless ? "uid" : name));
        }
        String name = random.nextInt(10) == 0 ? "x".repeat(500) : "no" + random.nextInt(10) + "Such";
        object.put(name, 1);
        return new Spoilt("with an unknown field", prefix + name.substring(0, Math.min(name.length(), 20)));
    }

    private Spoilt replace(Place place) {
        int choice = random.nextInt(CHOICES);
        JsonNode value = value(choice);
        place.replace.accept(value);
        return new Spoilt("value " + choice + " in place of another", place.name);
    }

    private static final int CHOICES = 27;

    private JsonNode value(int choice) {
        return switch (choice) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> JSON.numberNode(-1);
            case 3 -> JSON.numberNode(0);
            case 4 -> JSON.numberNode(1.5);
            case 5 -> JSON.numberNode(Long.MAX_VALUE);
            case 6 -> JSON.numberNode(4_000_000_007L);
            case 7 -> JSON.numberNode(-1.7e308);
            case 8 -> raw("1e400");
            case 9 -> raw("-1E-400");
            case 10 -> raw("9".repeat(20 + random.nextInt(400)));
            case 11 -> raw("NaN");
            case 12 -> raw("-Infinity");
            case 13 -> JSON.textNode("");
            case 14 -> JSON.textNode("x".repeat(257));
            case 15 -> JSON.textNode("y".repeat(1 + random.nextInt(60_000)));
            case 16 -> raw("\"a\\u0000b\\u001f\\u007f\"");
            case 17 -> raw("\"a\\ud800b\"");
            case 18 -> raw("\"\\udc00\\ud800\"");
            case 19 -> raw("\"\u0001\t\"");
            case 20 -> JSON.arrayNode();
            case 21 -> JSON.objectNode();
            case 22 -> raw("[".repeat(500) + "]".repeat(500));
            case 23 -> raw("{\"a\":".repeat(40) + "1" + "}".repeat(40));
            case 24 -> JSON.arrayNode().add("a").add(1).addNull();
            case 25 -> JSON.objectNode().put("a", 1e300).put("ü", "\u202e");
            default -> JSON.textNode("NaN");
        };
    }

    private static JsonNode raw(String text) {
        return JSON.rawValueNode(new RawValue(text));
    }
}
