package io.velox.serving.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedTest {
    @TempDir
    private Path folder;

    private Path first;
    private Path second;

    @BeforeEach
    void write() throws IOException {
        first = Files.writeString(folder.resolve("first"), "a");
        second = Files.writeString(folder.resolve("second"), "b");
    }

    @Test
    void aChangeCountsWhenItHasSettled() throws IOException {
        Reloaded<String> value = joined();
        List<String> told = new ArrayList<>();
        value.onChange(told::add);

        Files.writeString(first, "half");
        value.check();
        assertThat(value.current()).isEqualTo("ab");
        Files.writeString(first, "whole");
        value.check();
        assertThat(value.current()).isEqualTo("ab");
        value.check();
        assertThat(value.current()).isEqualTo("wholeb");
        value.check();
        assertThat(told).containsExactly("wholeb");
    }

    @Test
    void whatMakesNoValueLeavesTheOldOneAndSaysWhyUntilItIsRepaired() throws IOException {
        Reloaded<String> value = joined();

        Files.writeString(second, "bad");
        value.check();
        value.check();
        assertThat(value.current()).isEqualTo("ab");
        assertThat(value.trouble()).contains("some.key: bad");
        Files.writeString(second, "good");
        value.check();
        value.check();
        assertThat(value.current()).isEqualTo("agood");
        assertThat(value.trouble()).isEmpty();
    }

    @Test
    void aFileThatIsGoneLeavesTheOldValueUntilItIsBack() throws IOException {
        Reloaded<String> value = joined();

        Files.delete(first);
        value.check();
        value.check();
        assertThat(value.current()).isEqualTo("ab");
        assertThat(value.trouble().orElseThrow()).startsWith("some.key: " + first + " cannot be read");
        Files.writeString(first, "a");
        value.check();
        assertThat(value.trouble()).isEmpty();
    }

    @Test
    void aBadFileAtTheStartIsRefused() throws IOException {
        Files.writeString(second, "bad");
        assertThatThrownBy(this::joined).isInstanceOf(VeloxException.class).hasMessage("some.key: bad");
        Files.writeString(second, "x".repeat((1 << 20) + 1));
        assertThatThrownBy(this::joined).hasMessageContaining("must have at most 1048576 bytes");
        Files.delete(second);
        assertThatThrownBy(this::joined).hasMessageContaining(second + " cannot be read");
    }

    private Reloaded<String> joined() {
        return Reloaded.of("some.key", List.of(first, second), contents -> {
            String text = new String(contents.get(0), UTF_8) + new String(contents.get(1), UTF_8);
            if (text.endsWith("bad")) {
                throw VeloxException.ofField(ErrorCode.INVALID_CONFIGURATION, "some.key", "some.key: bad");
            }
            return text;
        });
    }
}
