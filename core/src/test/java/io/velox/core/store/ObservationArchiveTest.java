package io.velox.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObservationArchiveTest {
    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
    private static final ArchiveFile A = new ArchiveFile(DAY, 0, 1, 0, 9);
    private static final ArchiveFile B = new ArchiveFile(DAY, 0, 1, 10, 19);
    private static final ArchiveFile C = new ArchiveFile(DAY, 0, 1, 20, 29);
    private static final ArchiveFile MERGED = new ArchiveFile(DAY, 0, 1, 0, 19, 1);
    private static final ArchiveFile AGAIN = new ArchiveFile(DAY, 0, 1, 0, 29, 2);

    @TempDir
    Path folder;

    @Test
    void aNameTellsItsGeneration() {
        assertThat(MERGED.address()).endsWith("/0-1-000000000000000000-000000000000000019.g1.parquet");
        String name = MERGED.address().substring(MERGED.address().lastIndexOf('/') + 1);
        assertThat(ArchiveFile.parse("2026-03-01", name)).contains(MERGED);
        assertThat(ArchiveFile.parse("2026-03-01", name.replace(".g1", ".g0"))).isEmpty();
    }

    @Test
    void aRewrittenFileStandsInForThoseInItsRangeOnly() {
        assertThat(ArchiveFile.current(List.of(A, B, C, MERGED))).containsExactly(C, MERGED);
        assertThat(ArchiveFile.current(List.of(A, B, C, MERGED, AGAIN))).containsExactly(AGAIN);
        ArchiveFile straddling = new ArchiveFile(DAY, 0, 1, 15, 25);
        ArchiveFile otherDay = new ArchiveFile(DAY.plusDays(1), 0, 1, 0, 9);
        ArchiveFile otherPartition = new ArchiveFile(DAY, 0, 2, 0, 9);
        ArchiveFile otherEpoch = new ArchiveFile(DAY, 1, 1, 0, 9);
        assertThat(ArchiveFile.current(List.of(straddling, otherDay, otherPartition, otherEpoch, MERGED)))
                .hasSize(5);
    }

    @Test
    void replacedFilesAreDeletedWhenTheirReadersAreDone() throws IOException {
        Instant now = Instant.parse("2026-03-05T00:00:00Z");
        for (ArchiveFile file : List.of(A, B, C, MERGED)) {
            create(file, now);
        }
        assertThat(archive().deleteSuperseded(now)).isZero();
        assertThat(archive().deleteSuperseded(now.plusSeconds(1))).isEqualTo(2);
        assertThat(archive().current()).containsExactlyInAnyOrder(MERGED, C);
        assertThat(folder.resolve(A.address())).doesNotExist();
        assertThat(archive().holds(A)).isTrue();
        assertThat(archive().holds(new ArchiveFile(DAY, 0, 1, 30, 39))).isFalse();
    }

    @Test
    void theEndBeforeAnOffsetIsThatOfTheNewestFileBefore() throws IOException {
        create(A, Instant.EPOCH);
        create(new ArchiveFile(DAY.plusDays(2), 0, 1, 10, 14), Instant.EPOCH);
        create(new ArchiveFile(DAY.plusDays(2), 0, 1, 50, 60), Instant.EPOCH);
        assertThat(archive().endBefore(DAY.plusDays(3), 0, 1, 40)).contains(15L);
        assertThat(archive().endBefore(DAY.plusDays(1), 0, 1, 40)).contains(10L);
        assertThat(archive().endBefore(DAY.plusDays(3), 0, 2, 40)).isEmpty();
    }

    private void create(ArchiveFile file, Instant modified) throws IOException {
        Path path = folder.resolve(file.address());
        Files.createDirectories(path.getParent());
        Files.createFile(path);
        Files.setLastModifiedTime(path, FileTime.from(modified));
    }

    private ObservationArchive archive() {
        ModelStore store = ModelStore.open(folder.toUri(), Map.of());
        return new ObservationArchive(store);
    }
}
