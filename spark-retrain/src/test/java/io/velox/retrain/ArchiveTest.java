package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.VeloxException;
import io.velox.core.log.LogCut;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    private static final LogCut CUT = new LogCut(0, Map.of(0, 10L));
    private static final ArchiveFile FIRST = new ArchiveFile(LocalDate.of(2025, 1, 1), 0, 0, 0, 5);
    private static final ArchiveFile SECOND = new ArchiveFile(LocalDate.of(2025, 1, 2), 0, 0, 6, 11);

    @TempDir
    Path folder;

    @Test
    void listsFilesThatAreComplete() throws IOException {
        create(FIRST.address());
        create("observations/2025-01-01/.0-0-x.parquet.inprogress");
        create("observations/_compacting/" + Path.of(SECOND.address()).getFileName());

        assertThat(archive().list()).containsExactly(FIRST);
    }

    @Test
    void aStoreWithoutAnArchiveHasNoFiles() {
        assertThat(archive().list()).isEmpty();
    }

    @Test
    void namesPartitionAndOffsetThatAreMissingWhenTheArchiveStandsStill() throws IOException {
        create(FIRST.address());

        assertThatThrownBy(() -> archive().awaitCut(CUT, Duration.ofMillis(1)))
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining("partition 0 lacks offset 6")
                .hasMessageContaining("0/0:10")
                .hasMessageContaining("--archive-wait-seconds");
    }

    @Test
    void waitsForTheFileThatIsMissing() throws Exception {
        create(FIRST.address());
        CompletableFuture<Void> late = CompletableFuture.runAsync(
                () -> {
                    try {
                        create(SECOND.address());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));

        assertThat(archive().awaitCut(CUT, Duration.ofSeconds(30))).containsExactly(FIRST, SECOND);
        late.get(10, TimeUnit.SECONDS);
    }

    private Archive archive() {
        ModelStore store = ModelStore.open(folder.toUri(), Map.of());
        return new Archive(store.fileSystem(), store.root());
    }

    private void create(String address) throws IOException {
        Path path = folder.resolve(address);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
    }
}
