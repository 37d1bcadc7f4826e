package io.velox.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.velox.client.FakeServer;
import io.velox.client.FakeServer.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VeloxCommandTest {
    @TempDir
    private Path folder;

    private FakeServer server;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void topkPrintsRankScoreAndTitleAndWhereTheAnswerIsFrom() {
        server.answer(
                200,
                "{\"model\":\"als\",\"version\":3,\"uid\":\"u\",\"revision\":\"0:0:9\",\"source\":\"personal\","
                        + "\"items\":[{\"item\":\"50\",\"score\":4.92,\"title\":\"Heat\"}]}");

        assertThat(run("topk", "u", "-k", "1")).isZero();
        assertThat(out.toString()).contains("1.   4.9200  50  Heat", "(als version 3, personal, revision 0:0:9)");
    }

    @Test
    void predictTakesIdsAndJsonAndNamesUnknownItems() {
        server.answer(
                200,
                "{\"model\":\"als\",\"version\":3,\"uid\":\"u\",\"source\":\"prior\",\"predictions\":[{\"item\":[1,2],\"score\":4.5}],\"unknown\":[\"x\"]}");

        assertThat(run("predict", "u", "[1,2]", "x")).isZero();
        assertThat(server.lastRequest().body()).isEqualTo("{\"uid\":\"u\",\"items\":[[1,2],\"x\"]}");
        assertThat(out.toString()).contains("4.5000  [1,2]", "x  unknown", "prior");
    }

    @Test
    void jsonIsOneLineForMachines() throws IOException {
        server.answer(200, "{\"receipt\":\"0:0:5\"}");

        assertThat(run("observe", "u", "1", "4.5", "--json")).isZero();
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(new JsonMapper().readTree(out.toString()).get("receipt").asText())
                .isEqualTo("0:0:5");
    }

    @Test
    void modelsListsVersionsWithStatesAndATrainingThatFailed() {
        server.answer(
                200,
                "{\"models\":[{\"model\":\"als\",\"kind\":\"als\",\"active\":1,\"versions\":[{\"version\":1,\"state\":\"ACTIVE\","
                        + "\"publishedAt\":\"2025-03-01T12:00:00Z\"}],\"training\":{\"version\":2,\"failure\":\"no space\"}}]}");

        assertThat(run("models")).isZero();
        assertThat(out.toString())
                .contains("als (als)", "1  ACTIVE     published 2025-03-01T12:00:00Z", "version 2 failed: no space");
    }

    @Test
    void retrainWaitsUntilTheVersionAnswers() {
        server.answer(request -> new Answer(
                200,
                request.method().equals("POST")
                        ? "{\"model\":\"als\",\"versions\":[],\"training\":{\"version\":4}}"
                        : "{\"model\":\"als\",\"versions\":[{\"version\":4,\"state\":\"ACTIVE\"}]}"));

        assertThat(run("retrain", "--wait")).isZero();
        assertThat(out.toString()).contains("Training version 4 of als.", "Version 4 answers now.");
    }

    @Test
    void aRefusalIsOneLineWithTheFieldAndExitCodeOne() {
        server.answer(
                404,
                "{\"status\":404,\"code\":\"UNKNOWN_MODEL\",\"field\":\"model\",\"detail\":\"there is no model x\"}");

        assertThat(run("topk", "u", "--model", "x")).isEqualTo(1);
        assertThat(err.toString().strip()).isEqualTo("velox: there is no model x (UNKNOWN_MODEL) [model]");
    }

    @Test
    void theKeyIsSentAndNeverPrinted() {
        server.answer(
                401,
                "{\"status\":401,\"code\":\"UNAUTHENTICATED\",\"field\":\"Authorization\",\"detail\":\"no good key\"}");

        assertThat(run("models", "--key", "velox_secret")).isEqualTo(1);
        assertThat(server.lastRequest().authorization()).isEqualTo("Bearer velox_secret");
        assertThat(server.requests()).hasSize(1);
        assertThat(run("models", "--key", "velox secret")).isEqualTo(2);
        assertThat(run("models", "--help")).isZero();
        assertThat(out + " " + err).contains("no good key", "--key").doesNotContain("secret");
    }

    @Test
    void aNewKeyIsPrintedWithItsHashForTheFile() throws NoSuchAlgorithmException {
        assertThat(run("key", "new", "--name", "shop.1", "--role", "observe")).isZero();

        List<String> lines = out.toString().lines().toList();
        String key = lines.get(1);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        assertThat(key).matches("velox_[A-Za-z0-9_-]{43}");
        assertThat(lines.get(3)).isEqualTo("shop.1 observe " + HexFormat.of().formatHex(digest));
        assertThat(run("key", "new", "--name", "shop 1", "--role", "observe")).isEqualTo(2);
        assertThat(run("key", "new", "--name", "shop", "--role", "owner")).isEqualTo(2);
        assertThat(err.toString()).contains("--name must have", "read, observe, admin");
    }

    @Test
    void aFileWithoutCertificatesIsAWrongCommandLine() {
        assertThat(run("models", "--ca", folder.resolve("none.pem").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--ca", "none.pem");
    }

    @Test
    void aWrongCommandLineIsExitCodeTwo() {
        assertThat(run("observe", "u", "1", "four")).isEqualTo(2);
        assertThat(run("predict", "u")).isEqualTo(2);
        assertThat(run("predict", "u", "[1,")).isEqualTo(2);
        assertThat(err.toString()).contains("not valid JSON");
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!arguments[0].equals("key")) {
            all.add(1, "--url=" + server.api());
        }
        return VeloxCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
