package io.velox.system.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/**
 * Values that mean something to the server under test, by the name of their schema or parameter, so that requests get further than
 * its checks of form. Users are the test's own ones. Immutable.
 */
public final class Vocabulary {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Partitions of the log that receipts are made up for; one of them may not exist. */
    private static final int PARTITIONS = 5;

    private static final int USERS = 40;
    /** Without a policy: those with one are signed. */
    private static final List<String> IMPRESSIONS = List.of("a 1", "ä", "2/3");

    private final List<String> items;
    private final int inputs;
    private final Map<String, Function<Context, JsonNode>> words;

    /** What else a request says: {@code isComputed} when it is about a model whose items are data. */
    record Context(Random random, boolean isComputed) {}

    /**
     * @param items ids that the factor model knows
     * @param inputs the length of the computed models' items
     */
    public Vocabulary(List<String> items, int inputs) {
        this.items = List.copyOf(items);
        this.inputs = inputs;
        Function<Context, JsonNode> uid = c -> JSON.textNode("fuzz-" + c.random.nextInt(USERS));
        Function<Context, JsonNode> version =
                c -> JSON.numberNode(c.random.nextInt(10) > 0 ? 1 : 1 + c.random.nextInt(4));
        Function<Context, JsonNode> receipt = c -> JSON.textNode(receipt(c.random));
        Function<Context, JsonNode> timeout = c -> JSON.numberNode(20_000 + c.random.nextInt(1000));
        this.words = Map.ofEntries(
                Map.entry("Id", uid),
                Map.entry("uid", uid),
                Map.entry("Item", this::item),
                Map.entry("item", this::item),
                Map.entry("VersionNumber", version),
                Map.entry("version", version),
                Map.entry("label", this::label),
                Map.entry("Impression", c -> JSON.textNode(IMPRESSIONS.get(c.random.nextInt(IMPRESSIONS.size())))),
                Map.entry("ItemFilter", c -> fields(c.random)),
                Map.entry("metadata", c -> fields(c.random)),
                Map.entry("data", c -> JSON.booleanNode(c.isComputed)),
                Map.entry("Revision", receipt),
                Map.entry("after", receipt),
                Map.entry("TimeoutMs", timeout),
                Map.entry("timeoutMs", timeout));
    }

    /** Of an item, or that it must have. */
    private static JsonNode fields(Random random) {
        var fields = JSON.objectNode();
        if (random.nextBoolean()) {
            var genres = fields.putArray("genre").add("Comedy");
            if (random.nextBoolean()) {
                genres.add(random.nextBoolean() ? "Drama" : "日本 ß");
            }
        }
        if (random.nextBoolean()) {
            fields.put("year", 1990 + random.nextInt(3));
        }
        if (random.nextInt(4) == 0) {
            fields.put("isNew", random.nextBoolean());
        }
        return fields;
    }

    /** A value for the name; empty where the schema alone must do. */
    Optional<JsonNode> word(String name, Context context) {
        return Optional.ofNullable(words.get(name)).map(word -> word.apply(context));
    }

    /** For reads with a receipt, which was made up and may never be reached. */
    JsonNode shortTimeout(Context context) {
        return JSON.numberNode(1 + context.random.nextInt(5));
    }

    /** A model; the trained one's costly retraining is asked for once in a while only. */
    String model(Random random, ApiOperation operation) {
        if (operation.id().equals("retrain")) {
            return random.nextInt(400) == 0 ? "als" : "linear";
        }
        return random.nextInt(3) > 0 ? "als" : "linear";
    }

    private JsonNode item(Context context) {
        Random random = context.random;
        if (!context.isComputed) {
            boolean isKnown = random.nextInt(5) > 0;
            return JSON.textNode(
                    isKnown ? items.get(random.nextInt(items.size())) : "new " + random.nextInt(100) + "/é");
        }
        var data = JSON.arrayNode();
        for (int i = 0; i < inputs; i++) {
            data.add(random.nextInt(40) / 4.0 - 5);
        }
        return data;
    }

    /** Within a few stars, since a training learns from them; the bounds of the schema go to computed models only. */
    private JsonNode label(Context context) {
        boolean isExtreme = context.isComputed && context.random.nextInt(10) == 0;
        return JSON.numberNode(isExtreme ? 1e9 - context.random.nextInt(2) * 2e9 : context.random.nextInt(11) / 2.0);
    }

    private static String receipt(Random random) {
        int offset = random.nextInt(5) > 0 ? random.nextInt(200) : Integer.MAX_VALUE;
        return "0:" + random.nextInt(PARTITIONS) + ":" + offset;
    }
}
