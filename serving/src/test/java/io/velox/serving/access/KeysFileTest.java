package io.velox.serving.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysFileTest {
    private static final Path FILE = Path.of("keys");

    /** SHA-256 of "velox_a", "velox_b": `printf velox_a | sha256sum`. */
    private static final String A = "23ca73a00de1a1b1a7e72d2d83b9ae5bae77d1be5ca1f1dbb9fbdd5a0f4b5a6f";

    @Test
    void eachLineIsANameARoleAndAHash() {
        KeyRing ring = read("""
                # who        role     SHA-256

                shop.1       observe  %s   # the shop
                ops\tadmin\t%s
                """.formatted(Keys.sha256("velox_a"), Keys.sha256("velox_b").toUpperCase(java.util.Locale.ROOT)));

        assertThat(ring.size()).isEqualTo(2);
        assertThat(ring.find("velox_a").orElseThrow().role()).isEqualTo(Role.OBSERVE);
        assertThat(ring.find("velox_a").orElseThrow().name()).isEqualTo("shop.1");
        assertThat(ring.find("velox_b").orElseThrow().role()).isEqualTo(Role.ADMIN);
        assertThat(ring.find("velox_c")).isEmpty();
        assertThat(ring.find("")).isEmpty();
        assertThat(ring.find(Keys.sha256("velox_a"))).as("the hash is no key").isEmpty();
    }
}
