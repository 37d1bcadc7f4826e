package io.velox.bench.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcLogTest {
    private static final List<String> LINES = List.of(
            "[0.012s] Using Serial",
            "[3.120s] GC(0) Pause Young (Allocation Failure) 273M->31M(989M) 15.2ms",
            "[60.001s] GC(1) Pause Full (Diagnostic Command) 200M->92M(989M) 210.7ms",
            "[63.120s] GC(2) Pause Young (Allocation Failure) 365M->101M(989M) 12.0ms");

    @Test
    void whatIsInUseAfterAFullCollectionIsTheLastOneOfThese() {
        assertThat(GcLog.last(LINES, true)).hasValue(92);
    }

    @Test
    void whatIsInUseAfterACollectionIsTheLastOfAnyKind() {
        assertThat(GcLog.last(LINES, false)).hasValue(101);
    }

    @Test
    void beforeTheFirstCollectionNothingIsKnown() {
        assertThat(GcLog.last(LINES.subList(0, 1), false)).isEmpty();
    }

    @Test
    void theMostInUseIsAfterWhateverCollection(@TempDir Path folder) throws Exception {
        GcLog log = new GcLog(Files.write(folder.resolve("gc"), LINES.subList(0, 3)));
        assertThat(log.mostUsedAfterAny()).hasValue(92);
    }

    @Test
    void theWordsOfTheOtherCollectorAreUnderstoodToo() {
        assertThat(GcLog.last(
                        List.of("[1.5s] GC(4) Pause Young (Normal) (G1 Evacuation Pause) 150M->42M(256M) 5.1ms"),
                        false))
                .hasValue(42);
    }
}
