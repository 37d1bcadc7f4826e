package io.velox.retrain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemMetadataTest {
    private static final String LINE =
            "{\"item\":\"é 1\",\"metadata\":{\"genre\":[\"Comedy\",\"Drama\"],\"year\":[\"1999\"]}}\n";

    @TempDir
    Path folder;

    @Test
    void readsALineForEachItemOfWhichTheLastCounts() throws IOException {
        ItemMetadata read = read(gzip(LINE + "\n{\"item\":\"2\",\"metadata\":{},\"more\":1}\n"
                + "{\"item\":\"2\",\"metadata\":{\"tag\":[\"b\",\"a\"]}}"));
        assertThat(read.items()).containsOnlyKeys("é 1", "2");
        assertThat(read.items().get("é 1").values("genre")).containsExactly("Comedy", "Drama");
        assertThat(read.items().get("2").values("tag")).containsExactly("a", "b");
    }

    @Test
    void anEmptyFileHasNone() throws IOException {
        assertThat(read(gzip("")).items()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"item\":\"\",\"metadata\":{}}",
                "{\"item\":\"3\"}",
                "{\"metadata\":{}}",
                "[1]",
                "{\"item\":\"3\",\"metadata\":{\"genre\":[\"\"]}}",
                "{\"item\":\"3\",\"metad"
            })
    void aLineThatIsNoneIsRefused(String line) throws IOException {
        byte[] content = gzip(LINE + line);
        assertThatThrownBy(() -> read(content))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageContaining("cannot be read after 1 items");
    }

    @Test
    void whatIsCutOffOrNotCompressedOrMissingIsRefused() throws IOException {
        byte[] whole = gzip(LINE.repeat(100));
        for (byte[] bad : List.of(Arrays.copyOf(whole, whole.length / 2), LINE.getBytes(UTF_8))) {
            assertThatThrownBy(() -> read(bad)).isInstanceOfSatisfying(VeloxException.class, e -> assertThat(e.code())
                    .isEqualTo(ErrorCode.INVALID_REQUEST));
        }
        assertThatThrownBy(() -> read(folder.resolve("none")))
                .isInstanceOf(VeloxException.class)
                .hasMessageEndingWith("cannot be read after 0 items: it does not exist");
    }

    private ItemMetadata read(byte[] content) throws IOException {
        return read(Files.write(folder.resolve("items.ndjson.gz"), content));
    }

    private static ItemMetadata read(Path file) throws IOException {
        return ItemMetadata.read(FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(file.toUri()));
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
