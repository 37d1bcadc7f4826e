package io.velox.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
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

    private final StringWriter text = new StringWriter();
    private final Screen screen = new Screen(new PrintWriter(text), Ansi.OFF);
    private final Download download = new Download(Duration.ofSeconds(30), screen);

    @Test
    void aSetInOneOfTheFoldersIsTakenAndTheFirstFolderWins() throws IOException {
        ratings(folder.resolve("second/ml-1m"));
        Path first = ratings(folder.resolve("first/ml-1m"));
        DataSetSearch search = new DataSetSearch(
                List.of(folder.resolve("missing"), folder.resolve("first"), folder.resolve("second")),
                download,
                screen);

        assertThat(search.find(options("ml-1m", Optional.empty())).name()).isEqualTo("ml-1m");
        assertThat(text.toString()).contains(first.toString());
    }

    @Test
    void aFileThatIsNamedIsReadAndKeepsItsOwnName() throws IOException {
        Path half = ratings(folder.resolve("ml-1m-users-1-2999"));
        DataSet found = new DataSetSearch(List.of(), download, screen).find(options("ml-1m", Optional.of(half)));

        assertThat(found.name()).isEqualTo("ml-1m-users-1-2999");
        assertThat(Margins.of(found).ratings()).isEqualTo(1);
    }

    @Test
    void aFileThatIsNamedAndMissingIsAnErrorAndNeverReplaced() {
        DataSetSearch search = new DataSetSearch(List.of(), download, screen);

        assertThatThrownBy(() -> search.find(options("ml-1m", Optional.of(folder.resolve("nowhere.zip")))))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("nowhere.zip");
    }

    @Test
    void aSetThatCannotBeHadIsReplacedBySyntheticRatingsAndThatIsSaid() {
        DataSet found =
                new DataSetSearch(List.of(folder), download, screen).find(options("goodbooks", Optional.empty()));

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

    private DemoOptions options(String dataset, Optional<Path> data) {
        return new DemoOptions(dataset, data, folder.resolve("cache"), 0.001, 42);
    }

    private static Path ratings(Path set) throws IOException {
        Files.createDirectories(set);
        Files.writeString(set.resolve("ratings.dat"), "1::10::5::978300760\n");
        return set;
    }
}
