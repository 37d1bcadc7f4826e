package io.velox.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.velox.client.FakeServer.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VeloxClientTest {
    private static final String OVERLOADED = "{\"status\":503,\"code\":\"OVERLOADED\",\"detail\":\"too busy\"}";

    private FakeServer server;
    private VeloxClient client;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        client = new VeloxClient(server.api());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void predictSendsItemsAndReceiptAndReadsScoresAndUnknownItems() {
        server.answer(
                200,
                "{\"model\":\"als\",\"version\":3,\"uid\":\"u\",\"revision\":\"0:2:18\",\"source\":\"personal\","
                        + "\"predictions\":[{\"item\":\"1\",\"score\":4.31}],\"unknown\":[\"2\"],\"later\":1}");
        Predictions answer = client.predict(
                "als", PredictRequest.of("u", List.of("1", "2")).after("0:2:17").withinMs(500));

        assertThat(answer.version()).isEqualTo(3);
        assertThat(answer.predictions().get(0).id()).isEqualTo("1");
        assertThat(answer.predictions().get(0).score()).isEqualTo(4.31);
        assertThat(answer.unknown()).hasSize(1);
        assertThat(answer.degraded()).isNull();
        assertThat(server.lastRequest().target()).isEqualTo("/v1/models/als/predict");
        assertThat(server.lastRequest().body())
                .isEqualTo("{\"uid\":\"u\",\"items\":[\"1\",\"2\"],\"after\":\"0:2:17\",\"timeoutMs\":500}");
    }

    @Test
    void itemsAreRegisteredInOneRequestAndTakenBackOneByOne() {
        server.answer(200, "{\"revisions\":[7,8]}");
        List<Long> revisions = client.register(
                "als",
                List.of(
                        new ItemRegistration("1", Map.of("genre", List.of("Comedy"))),
                        new ItemRegistration("2", Map.of())));

        assertThat(revisions).containsExactly(7L, 8L);
        assertThat(server.lastRequest().target()).isEqualTo("/v1/models/als/items");
        assertThat(server.lastRequest().body())
                .isEqualTo("[{\"item\":\"1\",\"metadata\":{\"genre\":[\"Comedy\"]}},{\"item\":\"2\",\"metadata\":{}}]");

        server.answer(200, "{\"item\":\"a/b\",\"revision\":9}");
        client.unregister("als", "a/b");

        assertThat(server.lastRequest().target()).isEqualTo("/v1/models/als/items/a%2Fb");
    }

    @Test
    void topKFiltersByMetadata() {
        server.answer(200, "{\"model\":\"als\",\"version\":1,\"uid\":\"u\",\"source\":\"prior\",\"items\":[]}");
        client.topK("als", TopKRequest.of("u", 5).where(Map.of("genre", List.of("Comedy", "Drama"))));

        assertThat(server.lastRequest().body())
                .isEqualTo("{\"uid\":\"u\",\"k\":5,\"filter\":{\"genre\":[\"Comedy\",\"Drama\"]}}");
    }

    @Test
    void listsThatTheAnswerLeavesOutAreEmpty() {
        server.answer(200, "{\"model\":\"als\",\"version\":1,\"uid\":\"u\",\"source\":\"prior\"}");

        Predictions answer = client.predict("als", PredictRequest.of("u", List.of("1")));
        assertThat(answer.predictions()).isEmpty();
        assertThat(answer.unknown()).isEmpty();
        assertThat(answer.revision()).isNull();
    }

    @Test
    void topKSaysWhatToLeaveOut() {
        server.answer(
                200,
                "{\"model\":\"als\",\"version\":3,\"uid\":\"u\",\"source\":\"personal\",\"items\":[{\"item\":\"50\",\"score\":4.9,\"title\":\"T\"}]}");
        TopItems answer = client.topK("als", TopKRequest.of("u", 5).excludingSeen());

        assertThat(answer.items().get(0).title()).isEqualTo("T");
        assertThat(server.lastRequest().body()).isEqualTo("{\"uid\":\"u\",\"k\":5,\"exclude\":\"seen\"}");
    }

    @Test
    void observeReturnsTheReceiptOfOneAndTheReceiptsOfMany() {
        server.answer(request -> new Answer(
                200,
                request.body().startsWith("[") ? "{\"receipts\":[\"0:0:1\",\"0:1:7\"]}" : "{\"receipt\":\"0:0:1\"}"));
        Observation one = Observation.of("u", "1", 4.5).at(Instant.parse("2025-03-01T12:00:00Z"));

        assertThat(client.observe(one)).isEqualTo("0:0:1");
        assertThat(server.lastRequest().body())
                .isEqualTo("{\"uid\":\"u\",\"item\":\"1\",\"label\":4.5,\"timestamp\":\"2025-03-01T12:00:00Z\"}");
        assertThat(client.observe(List.of(one, one))).containsExactly("0:0:1", "0:1:7");
    }

    @Test
    void aProblemDocumentBecomesAnExceptionWithItsParts() {
        server.answer(
                400, "{\"status\":400,\"code\":\"INVALID_REQUEST\",\"field\":\"k\",\"detail\":\"k must be positive\"}");
        VeloxClientException e =
                catchThrowableOfType(VeloxClientException.class, () -> client.topK("als", TopKRequest.of("u", 0)));

        assertThat(e.status()).isEqualTo(400);
        assertThat(e.code()).isEqualTo("INVALID_REQUEST");
        assertThat(e.field()).contains("k");
        assertThat(e.detail()).isEqualTo("k must be positive");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aReadIsTriedAgainWhileTheServerIsOverloaded() {
        AtomicInteger calls = new AtomicInteger();
        server.answer(request ->
                calls.incrementAndGet() < 3 ? new Answer(503, OVERLOADED) : new Answer(200, "{\"models\":[]}"));

        assertThat(client.models()).isEmpty();
        assertThat(calls).hasValue(3);
    }

    @Test
    void aReceiptThatCannotBeReachedIsNotAskedForAgain() {
        server.answer(503, "{\"status\":503,\"code\":\"RECEIPT_TIMEOUT\",\"detail\":\"not yet\"}");
        VeloxClientException e = catchThrowableOfType(
                VeloxClientException.class, () -> client.predict("als", PredictRequest.of("u", List.of("1"))));

        assertThat(e.code()).isEqualTo("RECEIPT_TIMEOUT");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void anObservationIsSentAgainOnlyIfItHasAnId() {
        AtomicInteger calls = new AtomicInteger();
        server.answer(request -> calls.incrementAndGet() % 2 == 1
                ? new Answer(503, OVERLOADED)
                : new Answer(200, "{\"receipt\":\"0:0:1\"}"));
        Observation one = Observation.of("u", "1", 4);

        assertThat(catchThrowableOfType(VeloxClientException.class, () -> client.observe(one))
                        .code())
                .isEqualTo("OVERLOADED");
        assertThat(calls).hasValue(1);
        calls.set(0);
        assertThat(client.observe(one.named("mine"))).isEqualTo("0:0:1");
        assertThat(calls).hasValue(2);
    }

    @Test
    void whatWasTurnedAwayUnreadIsSentAgainAndARefusedKeyIsNot() {
        AtomicInteger calls = new AtomicInteger();
        server.answer(request -> calls.incrementAndGet() == 1
                ? new Answer(429, "{\"status\":429,\"code\":\"TOO_MANY_REQUESTS\",\"detail\":\"wait\"}")
                : new Answer(200, "{\"receipt\":\"0:0:1\"}"));
        Observation one = Observation.of("u", "1", 4);

        assertThat(client.observe(one)).isEqualTo("0:0:1");
        assertThat(calls).hasValue(2);
        calls.set(0);
        server.answer(request -> {
            calls.incrementAndGet();
            return new Answer(403, "{\"status\":403,\"code\":\"FORBIDDEN\",\"detail\":\"not with this key\"}");
        });
        assertThat(catchThrowableOfType(VeloxClientException.class, () -> client.observe(one))
                        .code())
                .isEqualTo("FORBIDDEN");
        assertThat(calls).hasValue(1);
    }

    @Test
    void credentialsComeFromTheEnvironmentAndKeepTheKeyToThemselves() {
        Credentials given = Credentials.of(Map.of("VELOX_KEY", "velox_secret", "VELOX_CA", "ca.pem"));
        server.answer(200, "{\"models\":[]}");

        assertThat(given).isEqualTo(new Credentials("velox_secret", Path.of("ca.pem")));
        assertThat(given.toString()).doesNotContain("secret").contains("ca.pem");
        assertThat(Credentials.of(Map.of("VELOX_KEY", ""))).isEqualTo(Credentials.NONE);
        new VeloxClient(server.api(), new Credentials("velox_secret", null)).models();
        assertThat(server.lastRequest().authorization()).isEqualTo("Bearer velox_secret");
        client.models();
        assertThat(server.lastRequest().authorization()).isEqualTo("null");
    }

    @Test
    void idsAreEncodedInPathsAndCallsWithoutABodyHaveNone() {
        server.answer(
                200,
                "{\"receipt\":\"0:0:1\",\"gone\":[\"history\"],\"until\":{\"archive\":\"2026-12-22T00:00:00Z\"},"
                        + "\"stays\":{\"log\":\"it is old\"}}");

        Forgotten withdrawn = client.withdraw("a/b ü", "x?y");
        assertThat(withdrawn.receipt()).isEqualTo("0:0:1");
        assertThat(withdrawn.gone()).containsExactly("history");
        assertThat(withdrawn.until()).containsEntry("archive", Instant.parse("2026-12-22T00:00:00Z"));
        assertThat(withdrawn.stays()).containsEntry("log", "it is old");
        assertThat(server.lastRequest().method()).isEqualTo("DELETE");
        assertThat(server.lastRequest().target()).isEqualTo("/v1/users/a%2Fb%20%C3%BC/items/x%3Fy");
        assertThat(server.lastRequest().body()).isEmpty();
        assertThat(server.lastRequest().contentType()).isEqualTo("null");
    }

    @Test
    void readsManifestItemAndUser() {
        server.answer(
                request -> new Answer(
                        200,
                        request.target().contains("/versions/")
                                ? "{\"model\":\"als\",\"version\":3,\"state\":\"ACTIVE\",\"dimension\":2,\"prior\":{\"kind\":\"gaussian\","
                                        + "\"mean\":[0.5,1],\"covariance\":[[1,0],[0,1]]},\"noise\":0.62,\"metrics\":{\"heldOutRmse\":0.9}}"
                                : request.target().contains("/items/")
                                        ? "{\"item\":\"1\",\"version\":3,\"features\":[2,1],\"offset\":3.5,\"noise\":0.1}"
                                        : "{\"uid\":\"u\",\"revision\":\"0:0:9\",\"models\":{\"als\":{\"version\":3,\"weights\":[1,2],"
                                                + "\"observations\":4,\"loss\":{\"mean\":0.7,\"count\":4}}},"
                                                + "\"history\":[{\"item\":\"1\",\"label\":4.5,\"timestamp\":\"2025-03-01T12:00:00Z\",\"id\":null}]}"));

        assertThat(client.item("als", "1", 3)
                        .score(client.manifest("als", 3).prior().mean()))
                .isEqualTo(3.5 + 1 + 1);
        UserState user = client.userAfter("u", "0:0:9");
        assertThat(server.lastRequest().target()).isEqualTo("/v1/users/u?after=0%3A0%3A9");
        assertThat(user.models().get("als").weights()).containsExactly(1, 2);
        assertThat(user.history().get(0).label()).isEqualTo(4.5);
    }

    @Test
    void whereNothingListensTheMessageSaysHowToStartVelox() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        VeloxClient nobody = new VeloxClient(URI.create("http://127.0.0.1:" + port));
        VeloxClientException e = catchThrowableOfType(VeloxClientException.class, nobody::models);

        assertThat(e.status()).isZero();
        assertThat(e.mayHaveArrived()).isFalse();
        assertThat(e).hasMessageContaining("velox standalone");
    }

    @Test
    void anAnswerThatIsNoJsonIsSaidToBe() {
        server.answer(200, "<html>hello</html>");
        VeloxClientException e = catchThrowableOfType(VeloxClientException.class, () -> client.models());

        assertThat(e.code()).isEqualTo("NOT_VELOX");
    }

    @Test
    void refusesAnAddressThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VeloxClient(URI.create("localhost:8080")))
                .withMessageContaining("http://127.0.0.1:8080");
    }

    @Test
    void equalContentGetsEqualNamesAndOtherContentOthers() {
        Observation one = Observation.of("u", "1", 4).namedByContent();

        assertThat(Observation.of("u", "1", 4).namedByContent()).isEqualTo(one);
        assertThat(Observation.of("u", "1", 4.5).namedByContent().id()).isNotEqualTo(one.id());
    }

    @Test
    void observeBulkStreamsLinesAndReadsWhatBecameOfThem() {
        server.answer(
                200,
                "{\"lines\":2,\"accepted\":1,\"refused\":1,\"problems\":[{\"line\":8,\"field\":\"label\",\"detail\":\"no\"}],\"receipts\":[\"0:0:1\"]}");
        BulkRequest request =
                BulkRequest.of(BulkRequest.Format.CSV).named("a b").from(7);

        BulkResult result = client.observeBulk(request, () -> stream("uid,item,label\nu,1,2\n"));

        assertThat(result)
                .isEqualTo(new BulkResult(
                        2, 1, 1, List.of(new BulkResult.Problem(8, "label", "no")), 0, List.of("0:0:1")));
        assertThat(server.lastRequest().target()).isEqualTo("/v1/observe/bulk?name=a%20b&first-line=7");
        assertThat(server.lastRequest().contentType()).isEqualTo("text/csv");
        assertThat(server.lastRequest().body()).isEqualTo("uid,item,label\nu,1,2\n");
    }

    @Test
    void aBulkThatBreaksOffIsSentAgainFromItsBeginningOnlyIfItHasAName() {
        AtomicInteger opened = new AtomicInteger();
        Supplier<InputStream> lines = () -> {
            opened.incrementAndGet();
            return stream("{}\n");
        };
        server.answer(503, "{\"status\":503,\"code\":\"LOG_UNAVAILABLE\",\"detail\":\"no leader\",\"firstLine\":5}");
        BulkRequest request = BulkRequest.of(BulkRequest.Format.NDJSON);

        VeloxClientException once =
                catchThrowableOfType(VeloxClientException.class, () -> client.observeBulk(request, lines));
        assertThat(once.firstLine()).hasValue(5);
        assertThat(opened).hasValue(1);

        assertThatExceptionOfType(VeloxClientException.class)
                .isThrownBy(() -> client.observeBulk(request.named("n"), lines));
        assertThat(opened).hasValue(6);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
