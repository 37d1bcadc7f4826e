package io.velox.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server with keys and TLS, asked through the command line as an operator would. */
class AccessIT {
    /** In what users send, so that it can be looked for in the log. */
    private static final String MARK = "zebra7";

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder;

    private record Outcome(int exitCode, String printed) {}

    @Test
    void keysLetInAsFarAsTheirRoleAndAreRevokedWithoutARestart() throws Exception {
        String observer = newKey("shop", "observe");
        String reader = newKey("web", "read");
        makeCertificate();
        Path configuration = Files.writeString(folder.resolve("velox.yaml"), """
                access: {keys-file: %1$s/keys, tls-certificate: %1$s/tls.crt, tls-key: %1$s/tls.key}
                models:
                  linear: {kind: linear, length: 2, intercept: true, regularization: 1.0, noise: 0.5}
                """.formatted(folder));
        try (VeloxProcess velox = VeloxProcess.start(folder.resolve("data"), "file", configuration)) {
            String url = "https://127.0.0.1:" + velox.port();

            Outcome observed = asked(observer, "observe", MARK, "[1,2]", "3", "--url", url);
            assertThat(observed.exitCode()).as(observed.printed()).isZero();
            Await.until(
                    "the observation to be learnt",
                    Duration.ofSeconds(60),
                    () -> asked(observer, "user", MARK, "--json", "--url", url).exitCode() == 0);
            assertThat(asked(reader, "topk", MARK, "--model", "linear", "--url", url)
                            .printed())
                    .contains("INVALID_REQUEST");
            assertThat(asked(reader, "observe", MARK, "[1,2]", "3", "--url", url)
                            .printed())
                    .contains("FORBIDDEN");
            assertThat(asked("", "models", "--url", url).printed()).contains("UNAUTHENTICATED");
            assertThat(asked(observer, "forget", MARK, "--url", url).printed()).contains("FORBIDDEN");
            assertThat(asked(observer, "predict", MARK, "{\"" + MARK + "\":1}", "--model", "linear", "--url", url)
                            .exitCode())
                    .isEqualTo(1);

            List<String> lines = Files.readAllLines(folder.resolve("keys"));
            Files.write(folder.resolve("keys"), lines.subList(1, 2));
            Await.until("the key to be revoked", Duration.ofSeconds(60), () -> asked(observer, "models", "--url", url)
                    .printed()
                    .contains("UNAUTHENTICATED"));
            assertThat(asked(reader, "models", "--url", url).exitCode()).isZero();
            assertThat(velox.stop()).isZero();
        }
        assertThat(logged()).contains("access.keys-file has changed").doesNotContain(MARK, observer, reader);
    }

    /** Makes a key and puts its line into the file. */
    private String newKey(String name, String role) throws IOException {
        List<String> lines = asked("", "key", "new", "--name", name, "--role", role)
                .printed()
                .lines()
                .toList();
        Path file = folder.resolve("keys");
        Files.writeString(file, (Files.exists(file) ? Files.readString(file) : "") + lines.get(3) + "\n");
        return lines.get(1);
    }

    private Outcome asked(String key, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Repository.home().resolve("standalone/target/lib") + "/*",
                "io.velox.client.cli.VeloxCommand"));
        command.addAll(List.of(arguments));
        Map<String, String> environment =
                Map.of("VELOX_KEY", key, "VELOX_CA", folder.resolve("tls.crt").toString());
        try {
            return run(command, environment);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Outcome run(List<String> command, Map<String, String> environment) throws IOException {
        Path output = Files.createTempFile(folder, "command", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                throw new AssertionError("the command did not end: " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), Files.readString(output));
    }

    private void makeCertificate() throws IOException, GeneralSecurityException {
        Path store = folder.resolve("tls.p12");
        Outcome made = run(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "velox",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=velox",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD)),
                Map.of());
        assertThat(made.exitCode()).as(made.printed()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        writePem("tls.crt", "CERTIFICATE", keys.getCertificate("velox").getEncoded());
        writePem("tls.key", "PRIVATE KEY", keys.getKey("velox", PASSWORD).getEncoded());
    }

    private void writePem(String file, String what, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(der);
        Files.writeString(
                folder.resolve(file), "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
    }

    private String logged() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.list(folder.resolve("data/logs"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
