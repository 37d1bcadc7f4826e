package io.velox.client.ratings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.client.Observation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatingReaderTest {
    private static final Instant TIME = Instant.ofEpochSecond(964_982_703);

    @TempDir
    private Path folder;

    @Test
    void readsMovieLensCsvByTheNamesOfItsColumns() throws IOException {
        assertThat(read("userId,movieId,rating,timestamp\n1,10,4.5,964982703\n\n2,10,0.5,964982703\n"))
                .containsExactly(
                        new RatingLine.Good(2, Observation.of("1", "10", 4.5).at(TIME)),
                        new RatingLine.Good(4, Observation.of("2", "10", 0.5).at(TIME)));
    }

    @Test
    void readsColumnsInAnyOrderAndQuotedCells() throws IOException {
        assertThat(read("\uFEFFrating,item,uid,timestamp,comment\r\n4.5,\"a,b\",u1,964982703,\"fine\"\r\n"))
                .containsExactly(
                        new RatingLine.Good(2, Observation.of("u1", "a,b", 4.5).at(TIME)));
    }

    @Test
    void readsMovieLensDoubleColonsAndTabs() throws IOException {
        List<RatingLine> expected =
                List.of(new RatingLine.Good(1, Observation.of("1", "10", 5).at(TIME)));

        assertThat(read("1::10::5::964982703\n")).isEqualTo(expected);
        assertThat(read("1\t10\t5\t964982703")).isEqualTo(expected);
        assertThat(read("1::10::5")).containsExactly(new RatingLine.Good(1, Observation.of("1", "10", 5)));
    }

    @Test
    void readsGoodbooksAndBookCrossing() throws IOException {
        assertThat(read("book_id,user_id,rating\n1,314,5\n"))
                .containsExactly(new RatingLine.Good(2, Observation.of("314", "1", 5)));
        assertThat(read("\"User-ID\";\"ISBN\";\"Book-Rating\"\n\"276725\";\"034545104X\";\"0\"\n"))
                .containsExactly(new RatingLine.Good(2, Observation.of("276725", "034545104X", 0)));
    }

    @Test
    void readsOtherColumnsByAMapping() throws IOException {
        String csv = "who,what,stars,timestamp,rating\nu,i,4,yesterday,7\n";

        assertThat(read(csv, mapped("uid=who,item=what,label=stars,timestamp=-")))
                .containsExactly(new RatingLine.Good(2, Observation.of("u", "i", 4)));
        assertThatThrownBy(() -> read(csv, mapped("uid=user,item=what")))
                .isInstanceOf(RatingFileException.class)
                .hasMessageContainingAll("'user'", "uid", "who, what, stars");
    }

    @Test
    void leavesOutAColumnAndFindsTheOthersByTheirNames() throws IOException {
        assertThat(read("uid,item,label,timestamp\nu,i,4,yesterday\n", mapped("timestamp=-")))
                .containsExactly(new RatingLine.Good(2, Observation.of("u", "i", 4)));
    }

    @Test
    void readsColumnsByTheirNumbersWithHeaderOrWithout() throws IOException {
        RatingOptions numbers = mapped("uid=2,item=1,label=4");

        assertThat(read("a,b,c,d\ni,u,x,3\n", numbers))
                .containsExactly(new RatingLine.Good(2, Observation.of("u", "i", 3)));
        assertThat(read("i,u,x,3\n", numbers)).containsExactly(new RatingLine.Good(1, Observation.of("u", "i", 3)));
        assertThat(read("i u x 3\n", new RatingOptions(numbers.columns(), Optional.of(" "), true, Optional.empty())))
                .containsExactly(new RatingLine.Good(1, Observation.of("u", "i", 3)));
        assertThatThrownBy(() -> read(
                        "u,i,3\n", new RatingOptions(RatingColumns.byName(), Optional.empty(), true, Optional.empty())))
                .hasMessageContaining("--columns uid=1,item=2,label=3");
    }

    @Test
    void readsNdjsonAsObserveTakesIt() throws IOException {
        List<RatingLine> lines = read("""
                {"uid":7,"item":[1,2],"label":3,"timestamp":"2000-07-30T18:45:03Z","id":"x"}
                {"uid":"u","label":3}
                {"uid":"u","item":"i","label":3,"weight":1}
                {"uid":"u","item":"i","label":"3"}
                {oops
                """);

        Observation first = ((RatingLine.Good) lines.get(0)).observation();
        assertThat(first.uid()).isEqualTo("7");
        assertThat(first.item().isArray()).isTrue();
        assertThat(first.timestamp()).isEqualTo(TIME);
        assertThat(first.id()).isEqualTo("x");
        assertThat(reasons(lines))
                .satisfiesExactly(
                        r -> assertThat(r).isEqualTo("2: item is missing"),
                        r -> assertThat(r).startsWith("3: unknown field weight"),
                        r -> assertThat(r).startsWith("4: label must be a number"),
                        r -> assertThat(r).contains("JSON"));
    }

    @Test
    void readsOtherNdjsonByAMappingOrByOtherWellKnownNames() throws IOException {
        String json = "{\"user_id\":\"u\",\"asin\":\"b\",\"overall\":4,\"when\":964982703000,\"text\":\"fine\"}\n";

        assertThat(read(json, mapped("item=asin,label=overall,timestamp=when")))
                .containsExactly(
                        new RatingLine.Good(1, Observation.of("u", "b", 4).at(TIME)));
        assertThat(read("{\"userId\":\"u\",\"isbn\":\"b\",\"rating\":4,\"text\":\"fine\"}"))
                .containsExactly(new RatingLine.Good(1, Observation.of("u", "b", 4)));
    }

    @Test
    void badLinesAreNumberedWithTheReasonAndTheOthersAreRead() throws IOException {
        List<RatingLine> lines =
                read("uid,item,label,timestamp\nu,i\nu,i,good,\nu,,3,\nu,i,NaN,\nu,i,3,noon\nu,\"i,3,\nu,i,3,\n");

        assertThat(reasons(lines))
                .satisfiesExactly(
                        r -> assertThat(r).isEqualTo("2: must have 4 columns, but has 2"),
                        r -> assertThat(r).isEqualTo("3: label must be a number, but got 'good'"),
                        r -> assertThat(r).isEqualTo("4: item must not be empty"),
                        r -> assertThat(r).startsWith("5: label must be finite"),
                        r -> assertThat(r).startsWith("6: timestamp must be").endsWith("'noon'"),
                        r -> assertThat(r).startsWith("7: ").doesNotContain("label"));
        assertThat(lines.get(6)).isEqualTo(new RatingLine.Good(8, Observation.of("u", "i", 3)));
    }

    @Test
    void aLineThatIsNotUtf8OrTooLongIsBadAlone() throws IOException {
        byte[] latin = "uid,item,label\nJosé,i,3\nu,i,3\n".getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("latin.csv"), latin);
        String huge = "x".repeat(LineReader.LONGEST_BYTES + 1);

        assertThat(reasons(read(file, RatingOptions.none())))
                .singleElement()
                .asString()
                .contains("2: ", "UTF-8");
        List<RatingLine> lines = read("uid,item,label\nu,i,3\n" + huge + "\nu,i,4\n" + huge);
        assertThat(reasons(lines)).hasSize(2).allMatch(r -> r.contains("longer than"));
        assertThat(lines.get(2)).isEqualTo(new RatingLine.Good(4, Observation.of("u", "i", 4)));
    }

    @Test
    void aFileOfAnotherKindSaysWhatIsExpected() throws IOException {
        assertThatThrownBy(() -> read("hello\nworld\n"))
                .isInstanceOf(RatingFileException.class)
                .hasMessageContainingAll("CSV header", "--columns", "hello");
        assertThat(read("")).isEmpty();
    }

    @Test
    void aMappingNamesItsMistakes() {
        assertThatThrownBy(() -> RatingColumns.parse("user=1")).hasMessageContainingAll("'user=1'", "uid");
        assertThatThrownBy(() -> RatingColumns.parse("uid=")).hasMessageContaining("uid needs a column");
        assertThatThrownBy(() -> RatingColumns.parse("item=-")).hasMessageContaining("item cannot be left out");
        assertThatThrownBy(() -> RatingColumns.parse("uid=1,uid=2")).hasMessageContaining("uid is given twice");
    }

    private List<RatingLine> read(String text) throws IOException {
        return read(text, RatingOptions.none());
    }

    private List<RatingLine> read(String text, RatingOptions options) throws IOException {
        return read(Files.writeString(folder.resolve("file"), text), options);
    }

    private static List<RatingLine> read(Path file, RatingOptions options) throws IOException {
        try (RatingReader reader = RatingReader.open(file, options)) {
            return RatingLines.all(reader);
        }
    }

    private static List<String> reasons(List<RatingLine> lines) {
        return lines.stream()
                .filter(RatingLine.Bad.class::isInstance)
                .map(RatingLine.Bad.class::cast)
                .map(bad -> bad.number() + ": " + bad.reason())
                .toList();
    }

    private static RatingOptions mapped(String columns) {
        return new RatingOptions(RatingColumns.parse(columns), Optional.empty(), false, Optional.empty());
    }
}
