package io.velox.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringWriter text = new StringWriter();
    private final AtomicLong clock = new AtomicLong();

    @Test
    void saysHowMuchHowFastAndHowLongStill() {
        try (Progress progress = new Progress(new PrintWriter(text), false, "imported", clock::get)) {
            clock.set(10_000_000_000L);
            progress.add(2_500, 10_000);
        }

        assertThat(text.toString().lines())
                .containsExactly("imported: 2,500 (25%), 250/s, 30 s left", "imported: 2,500 in 10 s, 250/s");
    }

    @Test
    void awayFromATerminalALineAppearsOnlyEveryFewSeconds() {
        try (Progress progress = new Progress(new PrintWriter(text), false, "imported", clock::get)) {
            for (int i = 0; i < 100; i++) {
                clock.addAndGet(100_000_000L);
                progress.add(1, 100);
            }
        }

        assertThat(text.toString().lines()).hasSize(3);
    }

    @Test
    void onATerminalTheLineIsRewritten() {
        try (Progress progress = new Progress(new PrintWriter(text), true, "imported", clock::get)) {
            clock.set(1_000_000_000L);
            progress.add(1, 2);
        }

        assertThat(text.toString())
                .startsWith("\rimported: 1 (50%)")
                .contains("\r")
                .endsWith(System.lineSeparator());
        assertThat(text.toString().lines()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void durationsReadAsPeopleSayThem() {
        assertThat(Progress.duration(0.42)).isEqualTo("0.4 s");
        assertThat(Progress.duration(12.3)).isEqualTo("12 s");
        assertThat(Progress.duration(185)).isEqualTo("3 min 5 s");
        assertThat(Progress.duration(7800)).isEqualTo("2 h 10 min");
    }
}
