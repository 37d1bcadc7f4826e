package io.velox.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.Seeds;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogCutTest {
    @Test
    void isReadAsItIsWritten() throws IOException {
        Random random = Seeds.random("isReadAsItIsWritten");
        for (int trial = 0; trial < 200; trial++) {
            Map<Integer, Long> ends = new HashMap<>();
            for (int i = random.nextInt(20); i > 0; i--) {
                ends.put(random.nextInt(1000), random.nextLong() >>> 1);
            }
            LogCut cut = new LogCut(random.nextInt(10), ends);
            assertThat(LogCut.parse(cut.toString())).isEqualTo(cut);
            assertThat(RecordCodec.read(RecordCodec.write(cut), LogCut.class)).isEqualTo(cut);
        }
    }

    @Test
    void partitionsAreWrittenInOrder() {
        LogCut cut = new LogCut(1, Map.of(10, 5L, 2, 7L, 0, 0L));
        assertThat(cut).hasToString("1/0:0,2:7,10:5");
        assertThat(cut.endOffsets().keySet()).containsExactly(0, 2, 10);
        assertThat(RecordCodec.write(cut))
                .asString()
                .isEqualTo("{\"epoch\":1,\"endOffsets\":{\"0\":0,\"2\":7,\"10\":5}}");
    }

    @Test
    void includesWhatLiesBeforeTheEnd() {
        LogCut cut = LogCut.parse("0/1:10");
        assertThat(cut.includes(1, 9)).isTrue();
        assertThat(cut.includes(1, 10)).isFalse();
        assertThat(cut.includes(0, 0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0:1",
                "x/0:1",
                "0/0",
                "0/0:x",
                "0/0:1,",
                "0/,0:1",
                "0/0:1,0:2",
                "-1/0:1",
                "0/0:-1",
                "0/-1:1",
                "0/:1"
            })
    void otherTextIsNoCut(String text) {
        assertThatThrownBy(() -> LogCut.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a cut must be epoch/partition:end,partition:end..., but got '" + text + "'");
    }
}
