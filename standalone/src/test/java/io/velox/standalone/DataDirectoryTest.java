package io.velox.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void aSecondStartIsToldWhoHoldsTheDirectory() {
        try (DataDirectory held = DataDirectory.open(folder.resolve("data"), CLOCK)) {
            assertThatThrownBy(() -> DataDirectory.open(held.root(), CLOCK))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining(
                            "is in use by process " + ProcessHandle.current().pid() + ", started 2026-01-02T03:04:05Z");
        }
        DataDirectory.open(folder.resolve("data"), CLOCK).close();
    }

    @Test
    void theKindOfStoreIsKept() {
        try (DataDirectory data = DataDirectory.open(folder, CLOCK)) {
            assertThat(data.storeKind(Optional.of(StoreKind.alluxio))).isEqualTo(StoreKind.alluxio);
            assertThat(data.storeKind(Optional.empty())).isEqualTo(StoreKind.alluxio);
            assertThatThrownBy(() -> data.storeKind(Optional.of(StoreKind.file)))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("was made with --store alluxio");
        }
    }

    @Test
    void theStoreIsAFolderUnlessSaidOtherwise() {
        try (DataDirectory data = DataDirectory.open(folder, CLOCK)) {
            assertThat(data.storeKind(Optional.empty())).isEqualTo(StoreKind.file);
        }
    }
}
