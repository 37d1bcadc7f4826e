package io.velox.bench.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StolenTimeTest {
    @Test
    void stealIsReadOfAllCores() {
        List<String> stat = List.of(
                "cpu  102423 1 19344 1368055 1252 2 3183 1535 3 4",
                "cpu0 30428 0 2728 713249 330 0 229 817 0 0",
                "intr 5");

        assertThat(StolenTime.seconds(stat)).isEqualTo(15.35);
    }
}
