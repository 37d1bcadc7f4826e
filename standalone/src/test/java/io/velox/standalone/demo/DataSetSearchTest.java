package io.velox.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.velox.client.ratings.RatingOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

class DataSetSearchTest {
    @TempDir
    private Path folder;

    private static final String LINES = "1::10::5::978300760\n";
    private static final KnownDataSet WHOLE = known("ml-1m", "1::10::5::978300760\n2::10::3::978300761\n", 2);
    private static final KnownDataSet HALF = known("ml-1m-users-1-2999", LINES, 1);
    private static final KnownDataSet OTHER = known("goodbooks", "never there", 1);
    private static final List<KnownDataSet> KNOWN = List.of(WHOLE, HALF, OTHER);

    private final StringWriter text = new StringWriter();
    private final Screen screen = new Screen(new PrintWriter(text), Ansi.OFF);
    private final Download download = new Download(Duration.ofSeconds(30), screen);

    @Test
    void aSetInOneOfTheFoldersIsTakenAndTheFirstFolderWins() throws IOException {
        ratings(folder.resolve("second/ml-1m-users-1-2999"), "");
        Path first = ratings(folder.resolve("first/ml-1m-users-1-2999"), LINES);
        DataSetSearch search = search(folder.resolve("missing"), folder.resolve("first"), folder.resolve("second"));

        assertThat(search.find(options("ml-1m-users-1-2999", Optional.empty())).name())
                .isEqualTo("ml-1m-users-1-2999");
        assertThat(text.toString()).contains(first.toString(), "about ml-1m-users-1-2999");
    }

    @Test
    void aFileOfTheUsersOwnKeepsItsOwnName() throws IOException {
        Path own = ratings(folder.resolve("diary"), "1::10::5::978300760\n2::11::4::978300760\n");
        DataSet found = search().find(options("ml-1m", Optional.of(own)));

        assertThat(found.name()).isEqualTo("diary");
        assertThat(Census.of(found, new Split(1)).ratings()).isEqualTo(2);
    }

    @Test
    void aKnownSetIsKnownByItsContentsWhateverItsNameIs() throws IOException {
        Path renamed = ratings(folder.resolve("my-download"), LINES);

        assertThat(search().find(options("ml-1m", Optional.of(renamed))).name()).isEqualTo("ml-1m-users-1-2999");
    }

    @Test
    void halfOfASetIsTakenForTheWholeOnlyUnderItsOwnName() throws IOException {
        ratings(folder.resolve("ml-1m-users-1-2999"), LINES);
        DataSet found = search(folder).find(options("ml-1m", Optional.empty()));

        assertThat(found.name()).isEqualTo("ml-1m-users-1-2999");
        assertThat(text.toString()).contains("ml-1m is in none of the folders", "about ml-1m-users-1-2999");
    }

    @Test
    void anAlteredFileWithTheNameOfAKnownSetIsRefusedWithTheDifference() throws IOException {
        ratings(folder.resolve("ml-1m"), LINES.replace("5", "4"));

        assertThatThrownBy(() -> search(folder).find(options("ml-1m", Optional.empty())))
                .isInstanceOf(DataSetException.class)
                .hasMessageContainingAll(
                        "about ml-1m",
                        WHOLE.ratings().orElseThrow().toString(),
                        "found 20 bytes with MD5",
                        "fetch it again",
                        "--data");
    }

    @Test
    void aKnownSetUnderTheNameOfAnotherIsRefusedUnlessItIsAPartOfIt() throws IOException {
        Path half = ratings(folder.resolve("ml-1m"), LINES);
        Path wrong = ratings(folder.resolve("goodbooks"), LINES);

        assertThat(search().find(options("ml-1m", Optional.of(half))).name()).isEqualTo("ml-1m-users-1-2999");
        assertThatThrownBy(() -> search().find(options("goodbooks", Optional.of(wrong))))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("about goodbooks");
    }

    @Test
    void aTruncatedZipWithTheNameOfAKnownSetIsRefusedWithBothSizesAndChecksums() throws IOException {
        Path zip = Files.write(folder.resolve("ml-1m.zip"), new byte[] {'P', 'K', 3, 4, 0, 0, 0});

        assertThatThrownBy(() -> search().find(options("ml-1m", Optional.of(zip))))
                .isInstanceOf(DataSetException.class)
                .hasMessageContainingAll(
                        "cut short", "Expected 1,000 bytes with SHA-256 abc", "found 7 bytes with SHA-256");
    }

    @Test
    void aWrongNumberOfRatingsIsRefused() throws IOException {
        KnownDataSet three = known("ml-1m", LINES, 3);
        ratings(folder.resolve("ml-1m"), LINES);

        assertThatThrownBy(() -> new DataSetSearch(List.of(three), List.of(folder), download, screen)
                        .find(options("ml-1m", Optional.empty())))
                .isInstanceOf(DataSetException.class)
                .hasMessageContainingAll("expected 3 ratings, found 1");
    }

    @Test
    void aFileThatIsNamedAndMissingIsAnErrorAndNeverReplaced() {
        assertThatThrownBy(() -> search().find(options("ml-1m", Optional.of(folder.resolve("nowhere.zip")))))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("nowhere.zip");
    }

    @Test
    void aSetThatCannotBeHadIsReplacedBySyntheticRatingsAndThatIsSaid() {
        DataSet found = search(folder).find(options("goodbooks", Optional.empty()));

        assertThat(found.name()).isEqualTo("synthetic");
        assertThat(text.toString()).contains("goodbooks", "--data", "synthetic");
    }

    @Test
    void anUnknownNameIsRefusedWithTheNamesThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options("netflix", Optional.empty()))
                .withMessageContainingAll("--dataset", "ml-latest-small", "synthetic", "netflix");
    }

    @Test
    void aDownloadArrivesWholeAndAFailedOneLeavesNothing() throws IOException {
        byte[] content = new byte[300_000];
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/set.zip", exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        server.createContext("/stuck.zip", exchange -> exchange.sendResponseHeaders(200, content.length));
        server.start();
        try {
            URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            Path target = folder.resolve("cache/set.zip");
            download.fetch(base.resolve("/set.zip"), target);
            assertThat(target).hasBinaryContent(content);

            Path other = folder.resolve("cache/other.zip");
            assertThatThrownBy(() -> download.fetch(base.resolve("/none.zip"), other))
                    .hasMessageContaining("404");
            Download impatient = new Download(Duration.ofMillis(300), screen);
            assertThatThrownBy(() -> impatient.fetch(base.resolve("/stuck.zip"), other))
                    .hasMessageContaining("nothing came");
        } finally {
            server.stop(0);
        }
        assertThatThrownBy(() -> download.fetch(URI.create("http://127.0.0.1:1/x.zip"), folder.resolve("cache/x.zip")))
                .hasMessageContaining("no network");
        try (Stream<Path> left = Files.list(folder.resolve("cache"))) {
            assertThat(left).extracting(p -> p.getFileName().toString()).containsExactly("set.zip");
        }
    }

    private DataSetSearch search(Path... folders) {
        return new DataSetSearch(KNOWN, List.of(folders), download, screen);
    }

    private DemoOptions options(String dataset, Optional<Path> data) {
        return new DemoOptions(dataset, data, RatingOptions.none(), folder.resolve("cache"), 0.001, 42);
    }

    private static KnownDataSet known(String name, String ratings, long rows) {
        try {
            return new KnownDataSet(
                    name,
                    "about " + name,
                    List.of(name + ".zip", name),
                    Optional.empty(),
                    Optional.of(Fingerprint.sha256(1000, "abc")),
                    Optional.of(
                            Fingerprint.of(new ByteArrayInputStream(ratings.getBytes(StandardCharsets.UTF_8)), "MD5")),
                    rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path ratings(Path set, String lines) throws IOException {
        Files.createDirectories(set);
        Files.writeString(set.resolve("ratings.dat"), lines);
        return set;
    }
}
