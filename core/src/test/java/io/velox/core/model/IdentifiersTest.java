package io.velox.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {
    @ParameterizedTest
    @ValueSource(strings = {"1", "user 7", "ü", "😀", "a:b/c?d", " ", "\u2028"})
    void almostAnythingIsAnId(String id) {
        assertThat(Identifiers.checkId("uid", id)).isEqualTo(id);
    }

    @Test
    void anIdHasAtMost256Utf16Units() {
        assertThat(Identifiers.checkId("uid", "x".repeat(256))).hasSize(256);
        assertThat(Identifiers.checkId("uid", "😀".repeat(128))).hasSize(256);
        assertRefused("x".repeat(257), "uid must have at most 256 characters, but has 257");
    }

    @Test
    void anEmptyIdIsRefused() {
        assertRefused("", "uid must not be empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000", "a\n", "a\t", "a\u007f", "a\u0085"})
    void controlCharactersAreRefused(String id) {
        assertRefused(id, "uid must not contain control characters, but has one at position 1");
    }

    @Test
    void unpairedSurrogatesAreRefused() {
        assertRefused("a\ud800", "uid must be valid Unicode, but has an unpaired surrogate at position 1");
        assertRefused("a\ud800b", "uid must be valid Unicode, but has an unpaired surrogate at position 1");
        assertRefused("\udc00", "uid must be valid Unicode, but has an unpaired surrogate at position 0");
        assertRefused("😀\ud83d\ud83d\ude00", "uid must be valid Unicode, but has an unpaired surrogate at position 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "als", "my-model_2"})
    void modelNamesArePlain(String name) {
        assertThat(Identifiers.checkModelName("model", name)).isEqualTo(name);
        assertThat(Identifiers.isModelName("a" + "b".repeat(62))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Als", "1a", "-a", "a.b", "a/b", "ä", "a\n"})
    void otherModelNamesAreRefused(String name) {
        assertThatThrownBy(() -> Identifiers.checkModelName("model", name))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.field()).contains("model"));
        assertThat(Identifiers.isModelName("a" + "b".repeat(63))).isFalse();
    }

    private static void assertRefused(String id, String message) {
        assertThatThrownBy(() -> Identifiers.checkId("uid", id))
                .isInstanceOfSatisfying(VeloxException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(e.field()).contains("uid");
                })
                .hasMessage(message);
    }
}
