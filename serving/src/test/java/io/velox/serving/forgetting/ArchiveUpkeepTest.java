package io.velox.serving.forgetting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.velox.core.log.LogCut;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
import io.velox.core.store.ObservationArchive;
import io.velox.serving.lifecycle.ArchiveCompactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveUpkeepTest {
    private static final Instant NOW = Instant.parse("2025-02-20T12:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2025, 2, 20);
    private static final LocalDate YESTERDAY = LocalDate.of(2025, 2, 19);

    @TempDir
    Path folder;

    private final List<Optional<LogCut>> compactions = new ArrayList<>();
    private @Nullable Instant readingSince;
    private @Nullable RuntimeException failure;

    private ArchiveUpkeep upkeep() {
        ArchiveCompactor compactor = new ArchiveCompactor() {
            @Override
            public CompletableFuture<Void> compact(Optional<LogCut> settled, Duration grace) {
                compactions.add(settled);
                return failure == null
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(failure);
            }

            @Override
            public Optional<Instant> readingSince() {
                return Optional.ofNullable(readingSince);
            }
        };
        ObservationArchive archive = new ObservationArchive(ModelStore.open(folder.toUri(), Map.of()));
        return new ArchiveUpkeep(archive, compactor, Duration.ofSeconds(10), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private Path write(LocalDate date, long first, long last, int generation, Duration age) throws IOException {
        Path file = folder.resolve(new ArchiveFile(date, 0, 0, first, last, generation).address());
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        return Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
    }

    private void writeMany(LocalDate date, int files) throws IOException {
        for (int i = 0; i < files; i++) {
            write(date, i, i, 0, Duration.ofHours(1));
        }
    }

    @Test
    void manySmallFilesOfTodayAreMergedAndNothingIsForgottenByIt() throws Exception {
        writeMany(TODAY, 151);
        upkeep().tidy();
        assertThat(compactions).containsExactly(Optional.empty());
    }

    @Test
    void aFewOfTodayAreLeft() throws Exception {
        writeMany(TODAY, 150);
        upkeep().tidy();
        assertThat(compactions).isEmpty();
    }

    @Test
    void ofADayThatIsOverAFewAreMany() throws Exception {
        writeMany(YESTERDAY, 4);
        upkeep().tidy();
        assertThat(compactions).hasSize(1);
    }

    @Test
    void replacedFilesStayTenMinutesAndAsLongAsATrainingReadsThem() throws Exception {
        Path early = write(TODAY, 0, 9, 0, Duration.ofHours(2));
        Path replacement = write(TODAY, 0, 19, 1, Duration.ofMinutes(11));
        Path late = write(TODAY, 20, 29, 0, Duration.ofHours(2));
        write(TODAY, 20, 39, 1, Duration.ofMinutes(9));

        readingSince = NOW.minus(Duration.ofMinutes(12));
        upkeep().tidy();
        assertThat(early).exists();

        readingSince = null;
        upkeep().tidy();
        assertThat(early).doesNotExist();
        assertThat(replacement).exists();
        assertThat(late).exists();
    }

    @Test
    void whatFailsIsLeftToTheNextRun() throws Exception {
        writeMany(YESTERDAY, 4);
        failure = new IllegalStateException("no Spark");
        assertThatCode(() -> upkeep().run()).doesNotThrowAnyException();
        upkeep().run();
        assertThat(compactions).hasSize(2);
    }
}
