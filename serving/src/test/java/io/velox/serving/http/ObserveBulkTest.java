package io.velox.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.serving.predict.TestWorld;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObserveBulkTest {
    private static final String URI = "/v1/observe/bulk";
    private static final Map<String, String> NDJSON = Map.of("Content-Type", "application/x-ndjson");
    private static final Map<String, String> CSV = Map.of("Content-Type", "text/csv; charset=utf-8");

    private static ApiFixture api;

    @BeforeAll
    static void start() {
        api = new ApiFixture();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @BeforeEach
    void reset() {
        api.reset();
    }

    private static UserRecord.Observed observed(String uid, String item, double label) {
        return new UserRecord.Observed(uid, Item.ofId(item), label, TestWorld.NOW.toEpochMilli(), null, null);
    }

    @Test
    void everyLineOfNdjsonIsAnObservation() {
        String body = """
                {"uid":"u1","item":"1","label":4.5}

                {"uid":7,"item":8,"label":-1,"timestamp":"2020-02-29T23:00:00.125+02:00","id":"o-1","impression":"i-1"}\r
                {"uid":"ü","item":[1,2.50],"label":2}""";

        ApiFixture.Response response = api.send("POST", URI, body, NDJSON);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().toString())
                .isEqualTo("{\"lines\":4,\"accepted\":3,\"refused\":0,\"problems\":[],\"receipts\":[\"0:1:2\"]}");
        assertThat(api.log.records)
                .containsExactly(
                        observed("u1", "1", 4.5),
                        new UserRecord.Observed(
                                "7",
                                Item.ofId("8"),
                                -1,
                                Instant.parse("2020-02-29T21:00:00.125Z").toEpochMilli(),
                                "o-1",
                                "i-1"),
                        new UserRecord.Observed(
                                "ü", new Item(Item.Kind.DATA, "[1,2.5]"), 2, TestWorld.NOW.toEpochMilli(), null, null));
    }

    @Test
    void csvHasItsColumnsInAnyOrderAndQuotesAndEmptyCells() {
        String body =
                "\ufefflabel,uid, item,id,timestamp\n4.5,\"Doe, \"\"J\"\"\",é,,\n1e0,2,\"3\",o-1,2020-02-29T21:00:00Z\n";

        ApiFixture.Response response = api.send("POST", URI, body, CSV);

        assertThat(response.json().get("lines").asLong()).isEqualTo(2);
        assertThat(api.log.records)
                .containsExactly(
                        observed("Doe, \"J\"", "é", 4.5),
                        new UserRecord.Observed(
                                "2",
                                Item.ofId("3"),
                                1,
                                Instant.parse("2020-02-29T21:00:00Z").toEpochMilli(),
                                "o-1",
                                null));
    }

    @Test
    void aBadLineIsNamedByItsNumberAndStopsNothing() {
        String body = "{\"uid\":\"a\",\"item\":\"1\",\"label\":\"x\"}\n"
                + "{\"uid\":\"a\",\"item\":\"1\",\"lable\":1}\n"
                + "{\"uid\":\"a\"\n"
                + "[]\n"
                + "{\"uid\":\"a\",\"item\":\"" + "1".repeat(70_000) + "\",\"label\":1}\n"
                + "{\"uid\":\"a\",\"item\":\"1\",\"label\":1}\n"
                + "{\"uid\":\"a\",\"item\":\"1\",\"label\":1} {}\n";

        JsonNode json = api.send("POST", URI + "?first-line=11", body, NDJSON).json();

        assertThat(json.get("lines").asLong()).isEqualTo(7);
        assertThat(json.get("accepted").asLong()).isEqualTo(1);
        assertThat(json.get("refused").asLong()).isEqualTo(6);
        assertThat(problems(json))
                .containsExactly(
                        "11 label label must be a number from -1e9 to 1e9, but is a string",
                        "12 lable lable is no field here; there may be [id, impression, item, label, timestamp, uid]",
                        "13 uid line must be valid JSON, but at column 11: Unexpected end-of-input: expected close marker for Object",
                        "14 line line must be a JSON object, but is an array",
                        "15 line line must have at most 65536 bytes",
                        "17 line line must be one JSON value, but something follows it");
        assertThat(api.log.records).containsExactly(observed("a", "1", 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a,1|line must have 3 cells, as the header has, but has 2",
                "a,1,2,3|line must have 3 cells, as the header has, but has 4",
                ",1,2|uid must not be empty",
                "a,,2|item must not be empty",
                "a,1,|label must be a number",
                "a,1,NaN|label must be a number",
                "a,1,0x1p1|label must be a number",
                "a,1,1e10|label must be a number from -1e9 to 1e9, but is 1.0E10",
                "a,1,4.5d|label must be a number",
                "a,\"1,2|line must be CSV",
                "a,\"1\"x,2|line must be CSV"
            })
    void aBadLineOfCsvSaysWhatIsWrong(String line, String problem) {
        JsonNode json = api.send("POST", URI, "uid,item,label\n" + line + "\nb,1,1\n", CSV)
                .json();

        assertThat(problems(json)).singleElement().asString().startsWith("2 ").contains(problem);
        assertThat(api.log.records).containsExactly(observed("b", "1", 1));
    }

    @Test
    void aCarriageReturnInALineOrBytesThatAreNotUtf8AreRefused() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write("uid,item,label\na,1\rb,2,3\nc,".getBytes(UTF_8));
        body.write(0xff);
        body.write(",1\nd,\ufffd,1\n".getBytes(UTF_8));

        JsonNode json = api.send("POST", URI, body.toByteArray(), CSV).json();

        assertThat(problems(json)).hasSize(2);
        assertThat(problems(json).get(1)).isEqualTo("3 line line must be UTF-8, but has other bytes");
        assertThat(api.log.records).containsExactly(observed("d", "\ufffd", 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uid,item|label",
                "uid,item,label,weight|weight",
                "uid,item,label,uid|uid",
                "u1,i1,4.5|u1",
                "\"uid,item,label|header"
            })
    void aHeaderThatIsNoneIsABadRequestThatNamesTheColumn(String header, String field) {
        ApiFixture.Response response = api.send("POST", URI, header + "\na,1,1\n", CSV);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("field").asText()).isEqualTo(field);
        assertThat(api.log.records).isEmpty();
    }

    @Test
    void linesOfANamedImportHaveTheSameIdsWheneverTheyAreSent() {
        String first = "uid,item,label,id\na,1,1,\nb,2,2,own\n";
        String second = "uid,item,label,id\nc,3,3,\n";

        api.send("POST", URI + "?name=my%20ratings", first, CSV);
        api.send("POST", URI + "?name=my%20ratings&first-line=4", second, CSV);
        api.send("POST", URI + "?name=n&first-line=9", "{\"uid\":\"a\",\"item\":\"1\",\"label\":1}", NDJSON);

        assertThat(ids()).containsExactly("my ratings:2", "own", "my ratings:4", "n:9");
    }

    @Test
    void gzipOfOneOrSeveralMembersIsAccepted() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(gzip("{\"uid\":\"a\",\"item\":\"1\",\"label\":1}\n{\"uid\":\"b\",\"it"));
        body.write(gzip("em\":\"2\",\"label\":2}\n"));

        ApiFixture.Response response = api.send("POST", URI, body.toByteArray(), gzipped());

        assertThat(response.status()).isEqualTo(200);
        assertThat(api.log.records).containsExactly(observed("a", "1", 1), observed("b", "2", 2));
    }

    @Test
    void whatFollowsGzipAndIsNoneIsNotPassedOver() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(gzip("{\"uid\":\"a\",\"item\":\"1\",\"label\":1}\n"));
        body.write("{\"uid\":\"b\",\"item\":\"2\",\"label\":2}\n".getBytes(UTF_8));

        ApiFixture.Response response = api.send("POST", URI, body.toByteArray(), gzipped());

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("field").asText()).isEqualTo("body");
        assertThat(response.json().get("firstLine").asInt()).isEqualTo(api.log.records.size() + 1);
    }

    @Test
    void aLineWithHalfAPairOfSurrogatesIsRefusedInWords() {
        ApiFixture.Response response = api.send(
                "POST",
                URI,
                "{\"uid\":\"a\",\"item\":\"1\",\"label\":\"\\ud83d\"}\n",
                Map.of("Content-Type", "application/x-ndjson"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.json().get("refused").asInt()).isEqualTo(1);
    }

    @Test
    void ofBrokenGzipTheWholeLinesBeforeTheBreakAreInTheLog() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            lines.append("{\"uid\":\"u").append(i * 7919 % 5000).append("\",\"item\":\"1\",\"label\":1}\n");
        }
        byte[] whole = gzip(lines.toString());
        byte[] half = Arrays.copyOf(whole, whole.length / 2);

        ApiFixture.Response response = api.send("POST", URI, half, gzipped());

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("field").asText()).isEqualTo("body");
        int written = api.log.records.size();
        assertThat(written).isBetween(1_000, 4_999);
        assertThat(response.json().get("firstLine").asInt()).isEqualTo(written + 1);
        assertThat(response.json().at("/progress/accepted").asInt()).isEqualTo(written);
        assertThat(api.send("POST", URI, "plain", gzipped())
                        .json()
                        .get("firstLine")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void anEmptyBodyHasNoLines() throws IOException {
        String none = "{\"lines\":0,\"accepted\":0,\"refused\":0,\"problems\":[],\"receipts\":[]}";

        assertThat(api.send("POST", URI, "", Map.of()).body().toString()).isEqualTo(none);
        assertThat(api.send("POST", URI, "", CSV).body().toString()).isEqualTo(none);
        assertThat(api.send("POST", URI, "uid,item,label", CSV).body().toString())
                .isEqualTo(none);
        assertThat(api.send("POST", URI, gzip(""), gzipped()).body().toString()).isEqualTo(none);
    }

    @ParameterizedTest
    @CsvSource({
        "application/json,identity,Content-Type",
        "text/csv; charset=latin1,identity,Content-Type",
        "'',identity,Content-Type",
        "text/csv,br,Content-Encoding"
    })
    void anotherMediaTypeOrEncodingIsRefused(String type, String encoding, String field) {
        Map<String, String> headers = type.isEmpty()
                ? Map.of("Content-Encoding", encoding)
                : Map.of("Content-Type", type, "Content-Encoding", encoding);
        ApiFixture.Response response = api.send("POST", URI, "{}", headers);

        assertThat(response.status()).isEqualTo(415);
        assertThat(response.json().get("field").asText()).isEqualTo(field);
        assertThat(response.header("Accept-Post")).isEqualTo("application/x-ndjson, text/csv");
    }

    @ParameterizedTest
    @CsvSource({
        "first-line=0,first-line",
        "first-line=x,first-line",
        "first-line=1000000000000001,first-line",
        "name=,name",
        "name=a%0Ab,name",
        "names=a,names"
    })
    void aBadQueryIsRefusedByItsName(String query, String field) {
        ApiFixture.Response response = api.send("POST", URI + "?" + query, "{}", NDJSON);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().get("field").asText()).isEqualTo(field);
    }

    @Test
    void aNameWithTheLongestLineNumberIsStillAnId() {
        String query = "?first-line=1000000000000000&name=";

        assertThat(api.send("POST", URI + query + "n".repeat(201), "{}", NDJSON).status())
                .isEqualTo(400);
        api.send("POST", URI + query + "n".repeat(200), "{\"uid\":\"a\",\"item\":\"1\",\"label\":1}", NDJSON);
        assertThat(api.log.records).hasSize(1);
    }

    @Test
    void ofManyBadLinesTheFirstThousandAreTold() {
        JsonNode json = api.send("POST", URI, "x\n".repeat(2_500), NDJSON).json();

        assertThat(json.get("refused").asInt()).isEqualTo(2_500);
        assertThat(json.get("problems")).hasSize(1_000);
        assertThat(json.at("/problems/999/line").asInt()).isEqualTo(1_000);
        assertThat(json.get("problemsOmitted").asInt()).isEqualTo(1_500);
    }

    @Test
    void aLogThatCannotBeWrittenIsUnavailableAndTheProblemSaysHowFarItGot() {
        api.log.isDown = true;

        ApiFixture.Response response = api.send(
                "POST", URI + "?first-line=5", "{\"uid\":\"a\",\"item\":\"1\",\"label\":1}\n".repeat(20_000), NDJSON);

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("Retry-After")).isEqualTo("1");
        assertThat(response.json().get("code").asText()).isEqualTo("LOG_UNAVAILABLE");
        assertThat(response.json().get("firstLine").asInt()).isEqualTo(5);
        assertThat(response.json().at("/progress/lines").asInt()).isZero();
    }

    @Test
    void linesAreCountedByWhatBecameOfThem() {
        double accepted = api.services
                .metrics()
                .counter("velox.bulk.lines", "outcome", "accepted")
                .count();

        api.send("POST", URI, "{\"uid\":\"a\",\"item\":\"1\",\"label\":1}\nx\n", NDJSON);

        assertThat(api.services
                        .metrics()
                        .counter("velox.bulk.lines", "outcome", "accepted")
                        .count())
                .isEqualTo(accepted + 1);
        assertThat(api.management("GET", "/metrics").body().toString())
                .contains("velox_bulk_lines_total{outcome=\"refused\"}");
    }

    private static Map<String, String> gzipped() {
        return Map.of("Content-Type", "application/x-ndjson", "Content-Encoding", "gzip");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private static List<String> problems(JsonNode json) {
        List<String> problems = new ArrayList<>();
        json.get("problems")
                .forEach(p -> problems.add(p.get("line").asText() + " "
                        + p.get("field").asText() + " " + p.get("detail").asText()));
        return problems;
    }

    private static List<String> ids() {
        return api.log.records.stream()
                .map(r -> String.valueOf(((UserRecord.Observed) r).id()))
                .toList();
    }
}
