package io.velox.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.client.ratings.RatingColumns;
import io.velox.client.ratings.RatingOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDataSetTest {
    private static final Split SPLIT = new Split(42);

    @TempDir
    private Path folder;

    @Test
    void readsMovieLensCsvFromAZipFileWithQuotedTitles() throws IOException {
        Path zip = zip(
                Map.of(
                        "ml-latest-small/ratings.csv",
                                "userId,movieId,rating,timestamp\n1,10,4.5,964982703\n1,20,3.0,964981247\n2,10,0.5,964980000\n",
                        "ml-latest-small/movies.csv",
                                "movieId,title,genres\n10,\"American President, The (1995)\",Comedy|Drama\n20,Heat (1995),(no genres listed)\n"));
        FileDataSet data = open(zip);

        assertThat(users(data))
                .containsExactly(
                        new UserRatings(
                                "1",
                                List.of(
                                        new Rating("10", 4.5, Instant.ofEpochSecond(964982703)),
                                        new Rating("20", 3, Instant.ofEpochSecond(964981247)))),
                        new UserRatings("2", List.of(new Rating("10", 0.5, Instant.ofEpochSecond(964980000)))));
        assertThat(data.title("10")).isEqualTo(new Title("American President, The (1995)", List.of("Comedy", "Drama")));
        assertThat(data.title("20").genres()).isEmpty();
        assertThat(data.title("30").text()).isEqualTo("item 30");
        assertThat(data.name()).isEqualTo("set");
        assertThat(data.sha256()).hasValueSatisfying(hash -> assertThat(hash).matches("[0-9a-f]{64}"));
        assertThat(users(data)).as("a second time").hasSize(2);
    }

    @Test
    void readsDoubleColonsAndLatinOneTitlesFromAFolder() throws IOException {
        write(
                "ml-1m/ratings.dat",
                "1::10::5::978300760\n1::20::3::978302109\n2::10::1::978301968\n",
                StandardCharsets.UTF_8);
        write(
                "ml-1m/movies.dat",
                "10::Misérables, Les (1995)::Drama\n20::Heat (1995)::Crime\n",
                StandardCharsets.ISO_8859_1);
        FileDataSet data = open(folder.resolve("ml-1m"));

        Census census = Census.of(data, SPLIT);
        assertThat(List.of(census.ratings(), census.users(), census.items())).containsExactly(3L, 2L, 2L);
        assertThat(census.lowest()).isEqualTo(1);
        assertThat(census.highest()).isEqualTo(5);
        assertThat(data.title("10")).isEqualTo(new Title("Misérables, Les (1995)", List.of("Drama")));
    }

    @Test
    void gathersUsersOfAFileThatIsNotSortedByUserAndTheLaterOfTwoRatingsCounts() throws IOException {
        write("gb/ratings.csv", "book_id,user_id,rating\n1,7,5\n1,8,3\n2,7,4\n1,7,2\n", StandardCharsets.UTF_8);
        write(
                "gb/books.csv",
                "id,book_id,authors,title\n1,99,\"Suzanne Collins, Other\",\"Hunger, and Games\"\n",
                StandardCharsets.UTF_8);
        FileDataSet data = open(folder.resolve("gb"));

        assertThat(users(data))
                .containsExactly(
                        new UserRatings("7", List.of(new Rating("1", 2, null), new Rating("2", 4, null))),
                        new UserRatings("8", List.of(new Rating("1", 3, null))));
        assertThat(data.title("1").text()).isEqualTo("Hunger, and Games, by Suzanne Collins");
        assertThat(users(data)).as("a second time").hasSize(2);
    }

    @Test
    void readsTheTabsAndBarsOfMovieLens100K() throws IOException {
        write(
                "ml-100k/u.data",
                "196\t242\t3\t881250949\n186\t302\t3\t891717742\n196\t302\t4\t881250950\n",
                StandardCharsets.UTF_8);
        write(
                "ml-100k/u.item",
                "242|Kolya (1996)|24-Jan-1997||http://x|0|1|1\n302|L.A. \"Confidential\"|||\n",
                StandardCharsets.UTF_8);
        write("ml-100k/u.genre", "unknown|0\nAction|1\nComedy|2\n\n", StandardCharsets.UTF_8);
        FileDataSet data = open(folder.resolve("ml-100k"));

        assertThat(users(data)).extracting(UserRatings::uid).containsExactly("196", "186");
        assertThat(data.title("302").text()).isEqualTo("L.A. \"Confidential\"");
        assertThat(data.title("242")).isEqualTo(new Title("Kolya (1996)", List.of("Action", "Comedy")));
    }

    @Test
    void aBrokenLineIsNamedByNumber() throws IOException {
        write("ml-1m/ratings.dat", "1::10::5::978300760\n1::20::x::978302109\n", StandardCharsets.UTF_8);

        assertThatThrownBy(() -> open(folder.resolve("ml-1m")))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void aFolderWithoutRatingsSaysWhatIsExpected() {
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("no file in");
        assertThatThrownBy(() -> open(folder.resolve("missing.zip")))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("missing.zip");
    }

    @Test
    void aFileAloneIsReadByAMapping() throws IOException {
        write("votes.txt", "2;10;4.5\n1;10;3\n2;11;1\n", StandardCharsets.UTF_8);
        RatingOptions options = new RatingOptions(
                RatingColumns.parse("uid=1,item=2,label=3"), Optional.of(";"), true, Optional.empty());

        assertThat(users(FileDataSet.open(folder.resolve("votes.txt"), options, List.of())))
                .containsExactly(
                        new UserRatings("2", List.of(new Rating("10", 4.5, null), new Rating("11", 1, null))),
                        new UserRatings("1", List.of(new Rating("10", 3, null))));
    }

    private static FileDataSet open(Path path) {
        return FileDataSet.open(path, RatingOptions.none(), List.of());
    }

    private static List<UserRatings> users(DataSet data) {
        try (Stream<UserRatings> users = data.users()) {
            return users.toList();
        }
    }

    private void write(String name, String text, Charset charset) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(charset));
    }

    private Path zip(Map<String, String> files) throws IOException {
        Path zip = folder.resolve("set.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                entries.putNextEntry(new ZipEntry(file.getKey()));
                entries.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return zip;
    }
}
