package io.velox.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearInputsTest {
    @Test
    void anArrayIsItsNumbersAndTheConstant() {
        assertThat(LinearInputs.array(3).vector(item("[1, -2.5, 1e3]"))).containsExactly(1, -2.5, 1000, 1);
        assertThat(new LinearInputs(2, List.of(), false).vector(item("[1e9,-1e9]")))
                .containsExactly(1e9, -1e9);
    }

    @Test
    void anObjectIsItsNumbersInTheOrderOfTheNames() {
        assertThat(LinearInputs.named(List.of("b", "a")).vector(item("{\"a\":1,\"b\":2}")))
                .containsExactly(2, 1, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1]|but got [1]",
                "[1,2,3]|but got [1,2,3]",
                "[]|but got []",
                "{\"a\":1,\"b\":2}|but got {\"a\":1,\"b\":2}",
                "[1,\"2\"]|but [1] is \"2\"",
                "[1,null]|but [1] is null",
                "[true,1]|but [0] is true",
                "[1,[2]]|but [1] is [2]",
                "[1,1000000001]|but [1] is 1000000001",
                "[-1.1e9,1]|but [0] is -1100000000"
            })
    void otherArraysAreRefused(String json, String message) {
        assertRefused(
                LinearInputs.array(2), item(json), "item must be an array of 2 numbers from -1e9 to 1e9, " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}|but got {\"a\":1}",
                "{\"a\":1,\"c\":2}|but 'b' is missing",
                "{\"a\":1,\"b\":\"x\"}|but 'b' is \"x\"",
                "[1,2]|but got [1,2]"
            })
    void otherObjectsAreRefused(String json, String message) {
        assertRefused(
                LinearInputs.named(List.of("a", "b")),
                item(json),
                "item must be an object with the numbers [a, b] from -1e9 to 1e9, " + message);
    }

    @Test
    void anIdIsNoInput() {
        assertRefused(
                LinearInputs.array(1),
                Item.ofId("7"),
                "item must be an array of 1 numbers from -1e9 to 1e9, but got the id '7'");
    }

    @Test
    void messagesStayShort() {
        Item item = item("[\"" + "x".repeat(10_000) + "\"]");
        assertThatThrownBy(() -> LinearInputs.array(1).vector(item))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void inputsAreWrittenAndReadUnchanged() throws IOException {
        for (LinearInputs inputs : List.of(
                LinearInputs.array(3), LinearInputs.named(List.of("x", "y")), new LinearInputs(1, List.of(), false))) {
            assertThat(RecordCodec.read(RecordCodec.write(inputs), LinearInputs.class))
                    .isEqualTo(inputs);
        }
    }

    @Test
    void whatCannotBeInputsIsRefused() {
        assertThatThrownBy(() -> LinearInputs.array(0)).hasMessageContaining("length must be 1 to 10000");
        assertThatThrownBy(() -> LinearInputs.array(10_001)).hasMessageContaining("length must be 1 to 10000");
        assertThatThrownBy(() -> new LinearInputs(2, List.of("a"), true)).hasMessageContaining("must have 2 entries");
        assertThatThrownBy(() -> LinearInputs.named(List.of("a", "a"))).hasMessageContaining("must differ");
    }

    private static void assertRefused(LinearInputs inputs, Item item, String message) {
        assertThatThrownBy(() -> inputs.vector(item))
                .isInstanceOfSatisfying(VeloxException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ITEM);
                    assertThat(e.field()).contains("item");
                })
                .hasMessage(message);
        assertThat(inputs.vectorIfValid(item)).isEmpty();
    }

    private static Item item(String json) {
        try {
            return RecordCodec.read(json.getBytes(StandardCharsets.UTF_8), Item.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
