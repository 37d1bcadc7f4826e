package io.velox.core.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.item.Metadata;
import io.velox.core.model.ModelVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ItemMetadataFilesTest {
    @TempDir
    Path folder;

    private ModelStore store;

    @BeforeEach
    void open() {
        store = ModelStore.open(folder.toUri(), Map.of());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Metadata metadata(Map<String, List<String>> fields) {
        return new Metadata(new TreeMap<>(fields));
    }

    private static String text(String uri) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(Path.of(URI.create(uri))))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void everyItemIsALine() throws IOException {
        String uri = new ItemMetadataFiles(store)
                .write(
                        new ModelVersion("als", 3),
                        new TreeMap<>(Map.of(
                                "1",
                                metadata(Map.of("genre", List.of("Drama", "Comedy"), "year", List.of("1999"))),
                                "日本 \"2\"",
                                Metadata.NONE)));

        assertThat(uri).endsWith("models/als/items-3.ndjson.gz");
        assertThat(text(uri)).isEqualTo("""
                        {"item":"1","metadata":{"genre":["Comedy","Drama"],"year":["1999"]}}
                        {"item":"日本 \\"2\\"","metadata":{}}
                        """);
    }

    @Test
    void theLastOneOfEachModelIsKept() throws IOException {
        ItemMetadataFiles files = new ItemMetadataFiles(store);
        files.write(new ModelVersion("other", 1), Map.of("1", Metadata.NONE));
        for (int version : new int[] {2, 9, 10, 10}) {
            files.write(new ModelVersion("als", version), Map.of("of" + version, Metadata.NONE));
        }

        try (Stream<Path> left = Files.walk(folder)) {
            assertThat(left.filter(Files::isRegularFile)
                            .map(file -> folder.relativize(file).toString()))
                    .containsExactlyInAnyOrder("models/als/items-10.ndjson.gz", "models/other/items-1.ndjson.gz");
        }
        assertThat(store.versionNumbers("als")).isEmpty();
    }
}
