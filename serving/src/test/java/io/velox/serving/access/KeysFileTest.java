package io.velox.serving.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysFileTest {
    private static final Path FILE = Path.of("keys");

    /** What {@code printf velox_a | sha256sum} prints, so that any tool can make the file. */
    private static final String SHA256_OF_A = "2cc4869c333dc044f63934f7c643022f13a69cf1fe33a8fb1f158d4cb38a2ff5";

    private static final String OTHER = "ab".repeat(32);

    @Test
    void eachLineIsANameARoleAndAHash() {
        KeyRing ring = read("# who role SHA-256\n\n shop.1   observe " + SHA256_OF_A + "  # the shop\r\nops\tadmin\t"
                + Keys.sha256("velox_b").toUpperCase(Locale.ROOT) + "\n");

        assertThat(ring.size()).isEqualTo(2);
        assertThat(ring.find("velox_a").orElseThrow().name()).isEqualTo("shop.1");
        assertThat(ring.find("velox_a").orElseThrow().role()).isEqualTo(Role.OBSERVE);
        assertThat(ring.find("velox_b").orElseThrow().role()).isEqualTo(Role.ADMIN);
        assertThat(ring.find("velox_c")).isEmpty();
        assertThat(ring.find("")).isEmpty();
        assertThat(ring.find(SHA256_OF_A)).as("a hash is no key").isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop observe|line 2: it must have a name, a role and a SHA-256, but has 2 words",
                "shop observe HASH more|line 2: it must have a name, a role and a SHA-256, but has 4 words",
                "sh/op observe HASH|line 2: the name must have",
                "velox_c2VjcmV0LWtleQ read HASH|line 2: the name begins as keys do",
                "first read OTHER|line 2: the name first is that of another key",
                "shop owner HASH|line 2: the role must be one of read, observe, admin",
                "shop OBSERVE HASH|line 2: the role",
                "shop observe velox_c2VjcmV0LWtleQ|line 2: the SHA-256 must be 64 hexadecimal digits",
                "shop observe HASH0|line 2: the SHA-256 must be 64",
                "shop observe OTHER|line 2: the SHA-256 is that of another key"
            })
    void aBrokenLineIsRefusedByNumberAndFieldAndNotQuoted(String line, String message) {
        String text = "first read " + OTHER + "\n"
                + line.replace("HASH", SHA256_OF_A).replace("OTHER", OTHER) + "\nlast read " + "cd".repeat(32);

        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(VeloxException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
                    assertThat(e.field()).contains("access.keys-file");
                })
                .hasMessageStartingWith("access.keys-file: keys " + message)
                .hasMessageNotContainingAny("velox_c2V", SHA256_OF_A);
    }

    @Test
    void aFileThatIsNoTextIsRefused() {
        assertThatThrownBy(() -> KeysFile.read(FILE, "shöp".getBytes(StandardCharsets.ISO_8859_1)))
                .hasMessageContaining("keys must be text in UTF-8");
    }

    private static KeyRing read(String text) {
        return KeysFile.read(FILE, text.getBytes(UTF_8));
    }
}
