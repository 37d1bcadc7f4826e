package io.velox.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import io.velox.serving.access.Certificates;
import io.velox.serving.access.Certificates.Pair;
import io.velox.serving.access.Keys;
import io.velox.serving.access.Role;
import io.velox.serving.http.Connections.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsTest {
    @TempDir
    private static Path certificates;

    private static Pair first;
    private static Pair second;

    @TempDir
    private Path folder;

    private Pair served;
    private ApiFixture api;

    @BeforeAll
    static void makeCertificates() {
        first = Certificates.make(certificates, "first", "EC");
        second = Certificates.make(certificates, "second", "EC");
    }

    @BeforeEach
    void start() throws IOException {
        served = new Pair(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        serve(first);
        api = new ApiFixture(
                new AccessConfiguration(
                        Keys.file(folder).toString(),
                        served.certificate().toString(),
                        served.key().toString(),
                        false,
                        "127.0.0.1",
                        0,
                        100),
                Limits.of(100));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @EnumSource
    void theApiSpeaksBothVersionsOfHttpOverTls(Version version) throws Exception {
        HttpClient client = trusting(first);

        HttpResponse<String> answer =
                client.send(request("/v1/models").version(version).build(), BodyHandlers.ofString());
        HttpResponse<String> stranger = client.send(
                HttpRequest.newBuilder(uri("/v1/observe"))
                        .version(version)
                        .POST(BodyPublishers.ofString("x".repeat(200_000)))
                        .build(),
                BodyHandlers.ofString());
        HttpResponse<String> tooLarge = client.send(
                request("/v1/observe")
                        .version(version)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(" ".repeat(1024 * ApiFixture.MAX_BODY_KIB + 1)))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(version);
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(tooLarge.statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @EnumSource
    void aBulkImportOfUnknownLengthIsReadInBothVersionsOfHttp(Version version) throws Exception {
        byte[] line = "{\"uid\":\"u\",\"item\":\"1\",\"label\":4}\n".getBytes(StandardCharsets.UTF_8);

        HttpResponse<String> answer = trusting(first)
                .send(
                        request("/v1/observe/bulk")
                                .version(version)
                                .header("Content-Type", "application/x-ndjson")
                                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(line)))
                                .build(),
                        BodyHandlers.ofString());
        HttpResponse<String> none = trusting(first)
                .send(
                        request("/v1/observe/bulk")
                                .version(version)
                                .header("Content-Type", "application/x-ndjson")
                                .POST(BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());

        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.body()).contains("\"lines\":1,\"accepted\":1");
        assertThat(none.body()).contains("\"lines\":0");
    }

    @Test
    void plainHttpIsNotAnsweredThere() {
        URI plain = URI.create("http://127.0.0.1:" + api.server.port() + "/v1/models");

        assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(plain)
                                        .timeout(Duration.ofSeconds(20))
                                        .build(),
                                BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void onLoopbackTheManagementPortStaysPlainForWhatKnowsNoCertificate() {
        assertThat(api.management("GET", "/health/live").status()).isEqualTo(200);
    }

    @Test
    void aRenewedCertificateIsServedWithoutARestart() throws Exception {
        serve(second);
        api.checkFiles();

        assertThat(trusting(second)
                        .send(request("/v1/models").build(), BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
        HttpClient old = trusting(first);
        assertThatThrownBy(() -> old.send(request("/v1/models").build(), BodyHandlers.discarding()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void aCertificateWithoutItsKeyIsNotTakenUp() throws Exception {
        Files.copy(second.certificate(), served.certificate(), StandardCopyOption.REPLACE_EXISTING);
        api.checkFiles();

        assertThat(trusting(first)
                        .send(request("/v1/models").build(), BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
        assertThat(api.access.troubles().get("access-certificate").orElseThrow())
                .contains("access.tls-key is not the key of the certificate");
    }

    private void serve(Pair pair) throws IOException {
        Files.copy(pair.certificate(), served.certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(pair.key(), served.key(), StandardCopyOption.REPLACE_EXISTING);
    }

    private URI uri(String path) {
        return URI.create("https://127.0.0.1:" + api.server.port() + path);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", Keys.header(Role.ADMIN));
    }

    private static HttpClient trusting(Pair pair) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(pair.certificate())) {
            store.setCertificateEntry(
                    "velox", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(20))
                .sslContext(context)
                .build();
    }
}
