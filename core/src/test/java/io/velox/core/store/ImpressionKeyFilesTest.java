package io.velox.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.VeloxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImpressionKeyFilesTest {
    @TempDir
    private Path folder;

    private List<byte[]> readOrMake() {
        try (ModelStore store = ModelStore.open(folder.toUri(), Map.of())) {
            return new ImpressionKeyFiles(store).readOrMake();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("keys/impressions"))) {
            return files.filter(file -> file.toString().endsWith(".key")).toList();
        }
    }

    @Test
    void aKeyIsMadeOnceAndForItsOwnerAlone() throws IOException {
        List<byte[]> first = readOrMake();

        assertThat(first).hasSize(1);
        assertThat(first.get(0)).hasSize(32);
        assertThat(readOrMake()).hasSize(1).allSatisfy(key -> assertThat(key).isEqualTo(first.get(0)));
        assertThat(files()).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().get(0))))
                .isEqualTo("rw-------");
    }

    @Test
    void ofTwoThatWereMadeAtOnceTheSmallerNameIsFirstForAll() throws IOException {
        readOrMake();
        Files.write(files().get(0).resolveSibling("!.key"), new byte[] {7});

        assertThat(readOrMake()).hasSize(2).first().isEqualTo(new byte[] {7});
    }

    @Test
    void aStoreThatCannotBeReadIsUnavailable() throws IOException {
        Files.createDirectories(folder.resolve("keys"));
        Files.writeString(folder.resolve("keys/impressions"), "in the way");

        assertThatThrownBy(this::readOrMake)
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining("keys/impressions");
    }
}
