package io.velox.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.velox.client.FakeServer;
import io.velox.client.FakeServer.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    private static final Pattern QUERY = Pattern.compile("/v1/observe/bulk\\?name=([^&]+)&first-line=([0-9]+)");

    @TempDir
    private Path folder;

    private FakeServer server;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** What is in the log, by id; the same id again changes nothing. */
    private final Map<String, String> items = new LinkedHashMap<>();

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        server.answer(this::take);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** As the bulk endpoint does, for labels from 0 on, telling two problems at most. */
    private synchronized Answer take(FakeServer.Request request) {
        Matcher query = QUERY.matcher(request.target());
        assertThat(query.matches()).as(request.target()).isTrue();
        assertThat(request.contentType()).isEqualTo("application/x-ndjson");
        long number = Long.parseLong(query.group(2));
        int accepted = 0;
        int refused = 0;
        List<String> problems = new ArrayList<>();
        List<String> lines = request.body().lines().toList();
        for (String line : lines) {
            if (!line.isBlank()) {
                JsonNode json = json(line);
                if (json.get("label").asDouble() >= 0) {
                    accepted++;
                    items.put(query.group(1) + ":" + number, json.get("item").asText());
                } else if (++refused <= 2) {
                    problems.add(
                            "{\"line\":" + number + ",\"field\":\"label\",\"detail\":\"label must not be negative\"}");
                }
            }
            number++;
        }
        return new Answer(
                200,
                "{\"lines\":" + lines.size() + ",\"accepted\":" + accepted + ",\"refused\":" + refused
                        + ",\"problems\":["
                        + String.join(",", problems) + "],\"problemsOmitted\":" + (refused - problems.size())
                        + ",\"receipts\":[\"0:0:9\",\"0:1:7\"]}");
    }

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path ratings(int lines) throws IOException {
        StringBuilder csv = new StringBuilder("userId,movieId,rating,timestamp\n");
        for (int i = 2; i <= lines; i++) {
            csv.append("u").append(i % 7).append(",i").append(i);
            csv.append(i == 40 ? ",good" : i == 77 ? ",-1" : ",4.5").append(",964982703\n");
        }
        return Files.writeString(folder.resolve("ratings.csv"), csv);
    }

    @Test
    void everyGoodLineIsSentOnceAndInOrderAndTheBadOnesAreKeptWithTheirNumbers() throws IOException {
        Path file = ratings(500);

        assertThat(run(file.toString(), "--batch", "60")).isEqualTo(1);

        assertThat(err.toString())
                .contains("line 40: label must be a number, but got 'good'", "line 77: label must not be negative");
        assertThat(out.toString()).contains("Imported 497 observations; 2 bad lines were left out; they are in ");
        assertThat(Files.readAllLines(folder.resolve("ratings.csv.bad")))
                .containsExactly(
                        "40\tlabel must be a number, but got 'good'\tu5,i40,good,964982703",
                        "77\tlabel must not be negative\tu0,i77,-1,964982703");
        assertThat(items).hasSize(497);
        assertThat(items.entrySet()).allSatisfy(e -> assertThat(e.getKey())
                .endsWith(":" + e.getValue().substring(1)));
        assertThat(server.requests()).hasSize(9);
        assertThat(server.requests().get(0).body())
                .startsWith("{\"uid\":\"u2\",\"item\":\"i2\",\"label\":4.5,\"timestamp\":\"2000-");
    }

    @Test
    void theSameFileHasTheSameNameAndAnotherOrAnotherReadingOfItHasAnother() throws IOException {
        Path file = ratings(20);
        assertThat(run(file.toString(), "--json")).isZero();
        String first = json(out.toString()).get("name").asText();
        assertThat(run(file.toString())).isZero();
        assertThat(items).hasSize(19);
        assertThat(first).matches("ratings\\.csv-[0-9a-f]{12}");

        assertThat(run(file.toString(), "--columns", "uid=userId,timestamp=-"))
                .as("%s", err)
                .isZero();
        Files.writeString(file, "uid,item,label\na,b,1\n");
        assertThat(run(file.toString())).isZero();
        assertThat(items).hasSize(39);
    }

    @Test
    void aRequestThatFailsForTheTimeBeingIsSentAgain() throws IOException {
        Path file = ratings(30);
        int[] calls = new int[1];
        server.answer(request -> calls[0]++ < 7
                ? new Answer(
                        503, "{\"status\":503,\"code\":\"LOG_UNAVAILABLE\",\"detail\":\"no leader\",\"firstLine\":10}")
                : take(request));

        assertThat(run(file.toString())).isZero();

        assertThat(items).hasSize(29);
        assertThat(calls[0]).isEqualTo(8);
    }

    @Test
    void anImportThatBreaksOffSaysHowToGoOnAndThenHasEveryLineOnce() throws IOException {
        Path file = ratings(90);
        int[] calls = new int[1];
        server.answer(request -> calls[0]++ < 2
                ? take(request)
                : new Answer(500, "{\"status\":500,\"code\":\"INTERNAL\",\"detail\":\"a defect\"}"));

        assertThat(run(file.toString(), "--batch", "30", "--patience", "1")).isEqualTo(1);

        Matcher hint = Pattern.compile(
                        "a defect; everything before line 62 is imported: to go on, say (--from-line) (62) (--name) '(.*)'")
                .matcher(err.toString());
        assertThat(hint.find()).as(err.toString()).isTrue();
        server.answer(this::take);
        assertThat(run(file.toString(), hint.group(1), hint.group(2), hint.group(3), hint.group(4)))
                .isEqualTo(1);
        assertThat(items).hasSize(87);
        assertThat(folder.resolve("ratings.csv.bad"))
                .content()
                .startsWith("40\t")
                .contains("\n77\t");
    }

    @Test
    void aFileThatIsDamagedFurtherOnIsImportedUpToThereAndSaysHowToGoOn() throws IOException {
        Random random = new Random(5);
        StringBuilder csv = new StringBuilder("uid,item,label\n");
        for (int i = 0; i < 50_000; i++) {
            csv.append("u").append(random.nextInt()).append(",i,1\n");
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(csv.toString().getBytes(StandardCharsets.UTF_8));
        }
        byte[] cut = Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
        Path file = Files.write(folder.resolve("cut.csv.gz"), cut);

        assertThat(run(file.toString(), "--batch", "5000")).isEqualTo(1);

        assertThat(err.toString())
                .contains("ends too early")
                .containsPattern("everything before line \\d+ is imported: to go on, say --from-line \\d+ --name 'cut");
        assertThat(items).hasSizeGreaterThanOrEqualTo(5_000);
    }

    @Test
    void aLineThatHasNoEncodingIsKeptAllTheSame() throws IOException {
        Path file = Files.writeString(
                folder.resolve("half.ndjson"),
                "{\"uid\":\"u\",\"item\":\"1\",\"label\":\"\\ud83d\"}\n{\"uid\":\"u\",\"item\":\"1\",\"label\":1}\n");
        assertThat(run(file.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("Imported 1 observations; 1 bad lines");
        assertThat(folder.resolve("half.ndjson.bad")).content().startsWith("1\t");
    }

    @Test
    void ofManyBadLinesAllAreKeptAlthoughAnAnswerTellsOnlyAFew() throws IOException {
        StringBuilder csv = new StringBuilder("uid,item,label\n");
        for (int i = 2; i <= 12; i++) {
            csv.append("u,").append(i).append(i % 2 == 0 ? ",-1\n" : ",1\n");
        }
        Path file = Files.writeString(folder.resolve("ratings.csv"), csv);
        Path bad = folder.resolve("kept.tsv");

        assertThat(run(file.toString(), "--bad-lines", bad.toString())).isEqualTo(1);

        assertThat(Files.readAllLines(bad))
                .extracting(line -> line.split("\t", -1)[0])
                .containsExactly("2", "4", "6", "8", "10", "12");
        assertThat(out.toString()).contains("Imported 5 observations; 6 bad lines");
        assertThat(items).hasSize(5);
    }

    @Test
    void waitingIsForTheUserOfTheLastPositionInEachPartition() throws IOException {
        Path file = Files.writeString(folder.resolve("r.csv"), "uid,item,label\na,1,1\nb,1,1\nc,1,1\nb,2,1\n");
        List<String> asked = new ArrayList<>();
        int[] late = new int[1];
        server.answer(request -> {
            if (request.method().equals("POST")) {
                return take(request);
            }
            asked.add(request.target());
            if (request.target().startsWith("/v1/users/b") == request.target().endsWith("0%3A1%3A7")) {
                return late[0]++ == 0
                        ? new Answer(503, "{\"status\":503,\"code\":\"RECEIPT_TIMEOUT\",\"detail\":\"late\"}")
                        : new Answer(200, "{\"uid\":\"x\",\"revision\":\"0:0:9\"}");
            }
            return new Answer(400, "{\"status\":400,\"code\":\"INVALID_RECEIPT\",\"detail\":\"another partition\"}");
        });

        assertThat(run(file.toString(), "--wait")).isZero();

        assertThat(asked)
                .containsExactly(
                        "/v1/users/b?after=0%3A0%3A9",
                        "/v1/users/c?after=0%3A0%3A9", "/v1/users/c?after=0%3A0%3A9", "/v1/users/b?after=0%3A1%3A7");
    }

    @Test
    void aMissingFileAnotherKindOfFileAndWrongOptionsSayWhatToDo() throws IOException {
        Path other = Files.writeString(folder.resolve("notes.txt"), "hello\nworld\n");

        assertThat(run(folder.resolve("none.csv").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("there is no file");
        assertThat(run(other.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("CSV header");
        assertThat(run(other.toString(), "--from-line", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--from-line at least 1");
    }

    @Test
    void otherColumnsAreReadWhenToldWhichAndAMappingOfUnknownFieldsIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("reviews.txt"), "who;isbn-13;stars\nu;978;4\n");

        assertThat(run(file.toString(), "--columns", "uid=who,item=isbn-13,label=stars"))
                .isZero();
        assertThat(items.values()).containsExactly("978");
        assertThat(run(file.toString(), "--columns", "user=who")).isEqualTo(2);
        assertThat(err.toString()).contains("--columns", "'user=who'", "uid");
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("import", "--url=" + server.api()));
        all.addAll(List.of(arguments));
        return VeloxCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
