package io.velox.serving.forgetting;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.LogCut;
import io.velox.core.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressFileTest {
    @TempDir
    Path folder;

    @Test
    void theLastOneWrittenIsReadAndTheOthersAreGone() throws IOException {
        try (ModelStore store = ModelStore.open(folder.toUri(), Map.of())) {
            ProgressFile file = new ProgressFile(store);
            assertThat(file.read()).isEmpty();
            PurgeProgress progress = PurgeProgress.start(2)
                    .foundTo(new LogCut(2, Map.of(0, 5L, 1, 7L)), true)
                    .settledTo(new LogCut(2, Map.of(0, 3L)), false)
                    .nudging(Instant.parse("2026-03-01T00:00:00Z"));
            file.write(PurgeProgress.start(2));
            file.write(progress);
            assertThat(new ProgressFile(store).read()).contains(progress);
            try (var files = Files.list(folder.resolve("forgetting"))) {
                assertThat(files).hasSize(1);
            }
        }
    }

    @Test
    void whatCannotBeUnderstoodIsAsGoodAsNothing() throws IOException {
        Files.createDirectories(folder.resolve("forgetting"));
        Files.writeString(folder.resolve("forgetting/000000000009.json"), "{");
        try (ModelStore store = ModelStore.open(folder.toUri(), Map.of())) {
            ProgressFile file = new ProgressFile(store);
            assertThat(file.read()).isEmpty();
            file.write(PurgeProgress.start(0));
            assertThat(file.read()).contains(PurgeProgress.start(0));
        }
    }
}
