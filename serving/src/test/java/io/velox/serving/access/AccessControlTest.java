package io.velox.serving.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import io.velox.core.error.VeloxException;
import io.velox.serving.access.Certificates.Pair;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessControlTest {
    @TempDir
    private static Path certificates;

    private static Vertx vertx;
    private static Pair pair;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        pair = Certificates.make(certificates, "one", "EC");
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void withoutFilesThereIsNothingToGoWrong() {
        assertThat(open("", "", "").troubles()).isEmpty();
        assertThat(open("", "", "").certificate()).isEmpty();
    }

    @Test
    void aKeyThatIsTakenOutOfTheFileIsNoLongerGood() throws IOException {
        Path file = Files.writeString(
                folder.resolve("keys"), Keys.line("shop", Role.READ) + "\n" + Keys.line("ops", Role.ADMIN));
        AccessControl access = open(file.toString(), "", "");
        assertThat(access.gate().enter("Bearer velox_shop", "a").role()).isEqualTo(Role.READ);

        Files.writeString(file, Keys.line("ops", Role.OBSERVE));
        access.check();
        access.check();
        assertThatThrownBy(() -> access.gate().enter("Bearer velox_shop", "a")).isInstanceOf(AccessRefusal.class);
        assertThat(access.gate().enter("Bearer velox_ops", "a").role()).isEqualTo(Role.OBSERVE);
    }

    @Test
    void aFileThatBreaksLaterKeepsItsKeysAndIsATrouble() throws IOException {
        Path file = Keys.file(folder);
        AccessControl access = open(file.toString(), "", "");
        assertThat(access.troubles()).containsEntry("access-keys", Optional.empty());

        Files.writeString(file, "admin admin\n");
        access.check();
        access.check();
        assertThat(access.gate().enter(Keys.header(Role.ADMIN), "a").role()).isEqualTo(Role.ADMIN);
        assertThat(access.troubles().get("access-keys").orElseThrow()).contains("line 1");
    }

    @Test
    void aFileWithoutKeysIsRefusedAtTheStartAndTakenAtItsWordLater() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), "# nobody yet\n");
        assertThatThrownBy(() -> open(empty.toString(), "", ""))
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining("has no keys");

        Path file = Keys.file(folder);
        AccessControl access = open(file.toString(), "", "");
        Files.writeString(file, "# nobody any more\n");
        access.check();
        access.check();
        assertThatThrownBy(() -> access.gate().enter(Keys.header(Role.ADMIN), "a"))
                .isInstanceOf(AccessRefusal.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void aCertificateWithItsKeyIsTaken(String algorithm) {
        Pair made = Certificates.make(folder, algorithm, algorithm);

        assertThat(open("", made.certificate().toString(), made.key().toString())
                        .certificate())
                .isPresent();
    }

    @Test
    void aCertificateAndAKeyThatDoNotBelongTogetherAreRefused() {
        Pair other = Certificates.make(folder, "other", "EC");

        assertThatThrownBy(() ->
                        open("", pair.certificate().toString(), other.key().toString()))
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining("access.tls-key is not the key of the certificate");
    }

    @Test
    void filesThatAreNoPemAreRefusedAndNotQuoted() throws IOException {
        Path garbage = Files.writeString(folder.resolve("garbage"), "secret");

        assertThatThrownBy(() -> open("", pair.certificate().toString(), garbage.toString()))
                .hasMessageContaining("must be PEM")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> open("", garbage.toString(), pair.key().toString()))
                .hasMessageContaining("must be PEM");
        assertThatThrownBy(() -> open("", "none.crt", "none.key")).hasMessageContaining("none.crt cannot be read");
    }

    private static AccessControl open(String keys, String certificate, String key) {
        return AccessControl.open(
                vertx,
                ConfigurationReader.defaults().serving(),
                new AccessConfiguration(keys, certificate, key, false, "127.0.0.1", 0, 10),
                System::nanoTime);
    }
}
