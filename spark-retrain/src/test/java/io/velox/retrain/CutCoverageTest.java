package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.LogCut;
import io.velox.core.store.ArchiveFile;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CutCoverageTest {
    private static final LogCut CUT = new LogCut(1, Map.of(0, 10L, 1, 5L, 2, 0L));

    @Test
    void filesThatContinueOneAnotherCoverTheCut() {
        assertThat(gap(file(1, 0, 4, 12), file(1, 0, 0, 3), file(1, 1, 0, 4))).isEmpty();
    }

    @Test
    void filesMayOverlap() {
        assertThat(gap(file(1, 0, 0, 7), file(1, 0, 2, 3), file(1, 0, 5, 9), file(1, 1, 0, 4)))
                .isEmpty();
    }

    @Test
    void namesTheFirstOffsetThatIsMissing() {
        assertThat(gap(file(1, 0, 0, 9), file(1, 1, 0, 2))).contains(new CutCoverage.Gap(1, 3, 5));
        assertThat(gap(file(1, 0, 0, 3), file(1, 0, 5, 20), file(1, 1, 0, 4))).contains(new CutCoverage.Gap(0, 4, 10));
        assertThat(gap(file(1, 0, 1, 20), file(1, 1, 0, 4))).contains(new CutCoverage.Gap(0, 0, 10));
        assertThat(gap()).contains(new CutCoverage.Gap(0, 0, 10));
    }

    @Test
    void anotherEpochIsAnotherLog() {
        assertThat(gap(file(0, 0, 0, 9), file(1, 1, 0, 4))).contains(new CutCoverage.Gap(0, 0, 10));
    }

    @Test
    void anEmptyCutIsCoveredByNothing() {
        assertThat(CutCoverage.firstGap(List.of(), new LogCut(0, Map.of(0, 0L))))
                .isEmpty();
    }

    @Test
    void onlyFilesThatReachBelowTheCutAreRead() {
        ArchiveFile within = file(1, 0, 0, 3);
        ArchiveFile across = file(1, 0, 4, 30);
        assertThat(CutCoverage.overlapping(
                        List.of(
                                across,
                                file(1, 0, 10, 40),
                                file(0, 0, 0, 9),
                                file(1, 2, 0, 5),
                                file(1, 3, 0, 5),
                                within),
                        CUT))
                .containsExactly(within, across);
    }

    private static Optional<CutCoverage.Gap> gap(ArchiveFile... files) {
        return CutCoverage.firstGap(List.of(files), CUT);
    }

    private static ArchiveFile file(int epoch, int partition, long first, long last) {
        return new ArchiveFile(LocalDate.of(2025, 1, 1), epoch, partition, first, last);
    }
}
