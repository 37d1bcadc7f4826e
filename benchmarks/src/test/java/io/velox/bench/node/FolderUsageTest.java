package io.velox.bench.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderUsageTest {
    @TempDir
    private Path folder;

    @Test
    void aFileOfTwoNamesCountsOnce() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("a/b"));
        Files.write(deep.resolve("one"), new byte[100]);
        Files.write(folder.resolve("two"), new byte[11]);
        Files.createLink(folder.resolve("again"), deep.resolve("one"));

        assertThat(FolderUsage.of(folder)).isEqualTo(new FolderUsage(111, 2));
    }

    @Test
    void aFolderThatIsNotThereIsEmpty() throws Exception {
        assertThat(FolderUsage.of(folder.resolve("none"))).isEqualTo(new FolderUsage(0, 0));
    }
}
