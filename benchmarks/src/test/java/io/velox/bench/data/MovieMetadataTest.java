package io.velox.bench.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovieMetadataTest {
    @TempDir
    Path folder;

    @Test
    void readsTheOlderForm() throws IOException {
        Files.write(
                folder.resolve("movies.dat"),
                "1::Misérables, Les (1995)::Drama|Musical\n2::Untitled::Comedy\n".getBytes(ISO_8859_1));
        MovieMetadata films = MovieMetadata.read(folder);
        assertThat(films.films()).containsOnlyKeys("1", "2");
        assertThat(films.of("1").values("title")).containsExactly("Misérables, Les");
        assertThat(films.of("1").values("year")).containsExactly("1995");
        assertThat(films.of("1").values("genre")).containsExactly("Drama", "Musical");
        assertThat(films.of("2").values("year")).isEmpty();
        assertThat(films.fields()).containsExactly("genre", "title", "year");
        assertThat(films.of("3").isEmpty()).isTrue();
    }

    @Test
    void readsTheNewerFormWithTags() throws IOException {
        Files.writeString(
                folder.resolve("movies.csv"),
                "movieId,title,genres\n1,\"Seven, or \"\"Se7en\"\" (1995)\",Thriller\n2,Short (2001),(no genres listed)\n",
                UTF_8);
        Files.writeString(
                folder.resolve("tags.csv"),
                "userId,movieId,tag,timestamp\n7,1,Dark,1\n8,1,dark,2\n8,1,twist ending,3\n8,9,lost,3\n",
                UTF_8);
        MovieMetadata films = MovieMetadata.read(folder);
        assertThat(films.of("1").values("title")).containsExactly("Seven, or \"Se7en\"");
        assertThat(films.of("1").values("tag")).containsExactly("dark", "twist ending");
        assertThat(films.of("2").values("genre")).isEmpty();
        assertThat(films.of("2").values("tag")).isEmpty();
    }

    @Test
    void writesALineForEachFilm() throws IOException {
        Files.writeString(folder.resolve("movies.dat"), "1::Heat (1995)::Crime\n2::Day::\n");
        Path file = folder.resolve("out.gz");
        MovieMetadata.read(folder).write(file);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            assertThat(new String(in.readAllBytes(), UTF_8).lines())
                    .hasSize(2)
                    .allMatch(line -> line.contains("\"item\":\"") && line.contains("\"metadata\":{"))
                    .anyMatch(
                            line -> line.contains("{\"genre\":[\"Crime\"],\"title\":[\"Heat\"],\"year\":[\"1995\"]}"));
        }
    }
}
