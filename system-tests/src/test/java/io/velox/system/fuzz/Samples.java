package io.velox.system.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Draws values that fit their schema. For use by one thread. */
final class Samples {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MANY = 300;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzäß漢字-_.:/?#%& ";

    private final ApiDocument document;
    private final Vocabulary vocabulary;
    private final Vocabulary.Context context;
    private final Random random;

    Samples(ApiDocument document, Vocabulary vocabulary, Vocabulary.Context context) {
        this.document = document;
        this.vocabulary = vocabulary;
        this.context = context;
        this.random = context.random();
    }

    /** @param name of the field or parameter */
    JsonNode sample(String name, JsonNode reference) {
        Optional<JsonNode> word =
                vocabulary.word(ApiDocument.nameOf(reference), context).or(() -> vocabulary.word(name, context));
        return word.orElseGet(() -> sample(document.resolved(reference)));
    }

    private JsonNode sample(JsonNode schema) {
        if (schema.has("enum")) {
            return oneOf(schema.get("enum"));
        }
        if (!schema.has("type") && schema.has("oneOf")) {
            return sample("", oneOf(schema.get("oneOf")));
        }
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema);
            case "array" -> array(schema);
            case "string" -> JSON.textNode(text(schema));
            case "integer" -> JSON.numberNode(integer(schema));
            case "number" -> JSON.numberNode(number(schema));
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            default -> throw new AssertionError("no samples are known of " + schema);
        };
    }

    private JsonNode object(JsonNode schema) {
        Set<String> wanted = new HashSet<>(texts(schema.path("required")));
        Set<String> unwanted = new HashSet<>();
        if (schema.has("anyOf")) {
            wanted.addAll(texts(oneOf(schema.get("anyOf")).path("required")));
        }
        if (schema.has("oneOf")) { // each alternative requires other fields
            schema.get("oneOf").forEach(branch -> unwanted.addAll(texts(branch.path("required"))));
            List<String> chosen = texts(oneOf(schema.get("oneOf")).path("required"));
            wanted.addAll(chosen);
            unwanted.removeAll(chosen);
        }
        if (schema.has("not")) { // fields that must not be given together
            unwanted.add(texts(schema.get("not").path("required")).get(random.nextInt(2)));
        }
        if (context.isComputed() && schema.path("properties").has("k")) { // as the description of items says
            wanted.add("items");
        }
        ObjectNode object = JSON.objectNode();
        schema.path("properties").properties().forEach(property -> {
            String name = property.getKey();
            if (wanted.contains(name) || (!unwanted.contains(name) && random.nextInt(3) == 0)) {
                object.set(name, sample(name, property.getValue()));
            }
        });
        if (object.has("after") && schema.path("properties").has("timeoutMs")) {
            object.set("timeoutMs", vocabulary.shortTimeout(context));
        }
        return object;
    }

    private JsonNode array(JsonNode schema) {
        int most = Math.min(schema.path("maxItems").asInt(MANY), MANY);
        int length = Math.max(schema.path("minItems").asInt(0), random.nextInt(random.nextInt(50) == 0 ? most + 1 : 6));
        ArrayNode array = JSON.arrayNode();
        for (int i = 0; i < length; i++) {
            array.add(schema.has("items") ? sample("", schema.get("items")) : JSON.numberNode(i));
        }
        return array;
    }

    private String text(JsonNode schema) {
        if (schema.path("format").asText().equals("date-time")) {
            Instant time = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
            return random.nextBoolean()
                    ? time.toString()
                    : time.atOffset(ZoneOffset.ofHours(random.nextInt(25) - 12)).toString();
        }
        if (schema.has("pattern")) {
            throw new AssertionError("the vocabulary has no word for a text of " + schema);
        }
        int least = schema.path("minLength").asInt(0);
        int most = Math.min(schema.path("maxLength").asInt(MANY), MANY);
        int length = random.nextInt(20) == 0 ? most : Math.max(least, Math.min(most, random.nextInt(20)));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private long integer(JsonNode schema) {
        long least = schema.path("minimum").asLong(0);
        long most = schema.path("maximum").asLong(Long.MAX_VALUE);
        return switch (random.nextInt(8)) {
            case 0 -> least;
            case 1 -> most;
            default -> Math.min(most, least + random.nextInt(100));
        };
    }

    private double number(JsonNode schema) {
        double least = schema.path("minimum").asDouble(-1e6);
        double most = schema.path("maximum").asDouble(1e6);
        return switch (random.nextInt(20)) {
            case 0 -> least;
            case 1 -> most;
            case 2 -> Math.min(most, Math.max(least, 1e-300));
            default -> Math.max(least, Math.min(most, random.nextInt(10) / 2.0));
        };
    }

    private JsonNode oneOf(JsonNode choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
