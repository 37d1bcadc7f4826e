package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.store.ArchiveFile;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompactionRunTest {
    private static final LocalDate TODAY = LocalDate.of(2025, 2, 20);
    private static final LocalDate YESTERDAY = LocalDate.of(2025, 2, 19);

    private static ArchiveFile file(LocalDate date, long first, long last, int generation) {
        return new ArchiveFile(date, 0, 0, first, last, generation);
    }

    @Test
    void ofTheDayThatGoesOnWhatWasMergedIsLeftAlone() {
        List<ArchiveFile> files =
                List.of(file(TODAY, 0, 9, 1), file(TODAY, 10, 19, 1), file(TODAY, 20, 20, 0), file(TODAY, 21, 21, 0));
        assertThat(CompactionRun.of(files, TODAY))
                .extracting(CompactionRun::target)
                .containsExactly(file(TODAY, 0, 19, 2), file(TODAY, 20, 21, 1));
    }

    @Test
    void aDayThatIsOverBecomesOneFile() {
        List<ArchiveFile> files = List.of(file(YESTERDAY, 0, 9, 2), file(YESTERDAY, 10, 10, 0));
        List<CompactionRun> runs = CompactionRun.of(files, TODAY);
        assertThat(runs).extracting(CompactionRun::target).containsExactly(file(YESTERDAY, 0, 10, 3));
        assertThat(runs.get(0).isWorthMerging(TODAY)).isTrue();
    }

    @Test
    void aGapEndsARun() {
        List<ArchiveFile> files = List.of(file(YESTERDAY, 0, 9, 0), file(YESTERDAY, 11, 12, 0));
        assertThat(CompactionRun.of(files, TODAY)).hasSize(2);
    }

    @Test
    void ofTheDayThatGoesOnAHundredAreWorthMerging() {
        List<ArchiveFile> files =
                IntStream.range(0, 100).mapToObj(i -> file(TODAY, i, i, 0)).toList();
        assertThat(new CompactionRun(files).isWorthMerging(TODAY)).isTrue();
        assertThat(new CompactionRun(files.subList(1, 100)).isWorthMerging(TODAY))
                .isFalse();
    }
}
