package io.velox.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.velox.core.Seeds;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordCodec;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"film 1\"|film 1",
                "17|17",
                "-3|-3",
                "-0|0",
                "123456789012345678901234567890|123456789012345678901234567890",
                "\"17\"|17",
                "\"ü😀\"|ü😀"
            })
    void stringsAndIntegersAreIds(String json, String id) throws IOException {
        assertThat(read(json)).isEqualTo(Item.ofId(id));
        assertThat(Item.ofJson(JSON.readTree(json))).isEqualTo(Item.ofId(id));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]|[1]",
                "[1.0, 1.00, 10e-1, 0.1e1]|[1,1,1,1]",
                "[1000, 1e3, 1.0E+3]|[1000,1000,1000]",
                "[0, -0, 0.0, -0.0, 0e9]|[0,0,0,0,0]",
                "[0.1, 1e-1, 0.10]|[0.1,0.1,0.1]",
                "[1e-7]|[1E-7]",
                "[1e300]|[1E+300]",
                "[1000000000000000000000000]|[1E+24]",
                "{\"b\": 1, \"a\": {\"d\": 2, \"c\": [3]}}|{\"a\":{\"c\":[3],\"d\":2},\"b\":1}",
                "{\"b\":2,\"a\":1}|{\"a\":1,\"b\":2}",
                "[ ]|[]",
                "[true,false,null,\"x\"]|[true,false,null,\"x\"]",
                "[\"\\u00fc\"]|[\"ü\"]"
            })
    void equalDataIsEqualText(String json, String canonical) throws IOException {
        Item item = read(json);
        assertThat(item.text()).isEqualTo(canonical);
        assertThat(item.isId()).isFalse();
        assertThat(read(canonical)).isEqualTo(item);
    }

    @Test
    void theOrderOfKeysAndTheSpellingOfNumbersNeverMatter() throws IOException {
        Random random = Seeds.random("theOrderOfKeys");
        for (int trial = 0; trial < 1000; trial++) {
            JsonNode data = random.nextBoolean() ? randomObject(random, 3) : randomArray(random, 3);
            Item item = Item.ofJson(data);
            assertThat(Item.ofJson(respelled(random, data))).isEqualTo(item);
            assertThat(Item.ofJson(JSON.readTree(item.text()))).isEqualTo(item);
            assertThat(RecordCodec.read(RecordCodec.write(item), Item.class)).isEqualTo(item);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "true", "null", "1e3"})
    void otherValuesAreNoItems(String json) throws IOException {
        JsonNode node = JSON.readTree(json);
        assertThatThrownBy(() -> Item.ofJson(node))
                .isInstanceOfSatisfying(VeloxException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ITEM);
                    assertThat(e.field()).contains("item");
                })
                .hasMessageContaining("must be a string, an integer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1e400]", "[-1e999999999]", "{\"a\":[1e309]}"})
    void numbersBeyondDoubleAreRefused(String json) throws IOException {
        JsonNode node = JSON.readTree(json);
        assertThatThrownBy(() -> Item.ofJson(node))
                .isInstanceOf(VeloxException.class)
                .hasMessage("item data must not hold numbers beyond 1.8e308");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e1000000000", "-1e-1000000000", "1e300"})
    void hugeExponentsOfExactDecimalsStayShort(String number) {
        ArrayNode data = JSON.createArrayNode().add(new java.math.BigDecimal(number));
        assertThat(Item.ofJson(data).text()).hasSizeLessThan(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"\\ud800\"]", "{\"\\udc00x\":1}", "[\"\\ud83d\\ud83d\\ude00\"]"})
    void textThatUtf8CannotCarryIsRefused(String json) throws IOException {
        JsonNode node = JSON.readTree(json);
        assertThatThrownBy(() -> Item.ofJson(node))
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining("item data must be valid Unicode");
    }

    @Test
    void dataHasALimit() throws IOException {
        String longest = "[\"" + "x".repeat(Item.MAX_DATA_LENGTH - 4) + "\"]";
        assertThat(read(longest).text()).hasSize(Item.MAX_DATA_LENGTH);
        JsonNode tooLong = JSON.readTree(longest.replace("\"]", "x\"]"));
        assertThatThrownBy(() -> Item.ofJson(tooLong))
                .hasMessage("item data must have at most 16384 characters, but has 16385");
    }

    @Test
    void idsAreCheckedLikeEveryId() throws IOException {
        JsonNode empty = JSON.readTree("\"\"");
        JsonNode tooLong = JSON.readTree("9".repeat(257));
        assertThatThrownBy(() -> Item.ofJson(empty)).hasMessage("item must not be empty");
        assertThatThrownBy(() -> Item.ofJson(tooLong)).hasMessageContaining("at most 256");
    }

    @Test
    void itemsAreOrderedByKindThenText() {
        Item data = Item.ofJson(JSON.createArrayNode().add(1));
        List<Item> items = new java.util.ArrayList<>(List.of(data, Item.ofId("b"), Item.ofId("a")));
        Collections.sort(items);
        assertThat(items).containsExactly(Item.ofId("a"), Item.ofId("b"), data);
    }

    @Test
    void messagesShowALineAtMost() {
        assertThat(Item.ofId("x".repeat(200)).toString()).hasSize(80).endsWith("...");
    }

    private static Item read(String json) throws IOException {
        return RecordCodec.read(json.getBytes(java.nio.charset.StandardCharsets.UTF_8), Item.class);
    }

    private static JsonNode randomValue(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> JsonNodeFactory.instance.numberNode(random.nextInt(2000) - 1000);
            case 1 -> JsonNodeFactory.instance.numberNode(random.nextGaussian());
            case 2 -> JsonNodeFactory.instance.numberNode(Math.pow(10, random.nextInt(600) - 300));
            case 3 -> JsonNodeFactory.instance.booleanNode(random.nextBoolean());
            case 4 -> JsonNodeFactory.instance.textNode("t\"\\\n\u0001é" + random.nextInt(9));
            case 5 -> JsonNodeFactory.instance.nullNode();
            case 6 -> randomObject(random, depth - 1);
            default -> randomArray(random, depth - 1);
        };
    }

    private static ObjectNode randomObject(Random random, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.set("k" + random.nextInt(100), randomValue(random, depth));
        }
        return object;
    }

    private static ArrayNode randomArray(Random random, int depth) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (int i = random.nextInt(5); i > 0; i--) {
            array.add(randomValue(random, depth));
        }
        return array;
    }

    /** The same data with keys in another order and numbers in another type. */
    private static JsonNode respelled(Random random, JsonNode data) {
        if (data instanceof ObjectNode object) {
            List<String> names = new java.util.ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            Collections.shuffle(names, random);
            ObjectNode other = JsonNodeFactory.instance.objectNode();
            names.forEach(name -> other.set(name, respelled(random, object.get(name))));
            return other;
        }
        if (data instanceof ArrayNode array) {
            ArrayNode other = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> other.add(respelled(random, element)));
            return other;
        }
        if (data.isNumber()) {
            java.math.BigDecimal value = data.decimalValue();
            return switch (random.nextInt(3)) {
                case 0 -> com.fasterxml.jackson.databind.node.DecimalNode.valueOf(value.setScale(value.scale() + 2));
                case 1 -> JsonNodeFactory.instance.numberNode(data.doubleValue());
                default -> data;
            };
        }
        return data;
    }
}
