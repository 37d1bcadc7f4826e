package io.velox.serving.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BodyStreamTest {
    /** A sender to whom the reader takes everything away while it is being paused. */
    private static final class SlowToPause implements BodyStream.Valve {
        private final AtomicReference<BodyStream> stream = new AtomicReference<>();
        private boolean isPaused;

        @Override
        public void pause() {
            try {
                stream.get().readNBytes(30);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            isPaused = true;
        }

        @Override
        public void resume() {
            isPaused = false;
        }
    }

    @Test
    void aSenderIsNotLeftPausedByAReaderWhoIsFasterThanThePause() {
        SlowToPause sender = new SlowToPause();
        sender.stream.set(new BodyStream(sender, 20, Duration.ofSeconds(30)));

        sender.stream.get().feed(new byte[30]);

        assertThat(sender.isPaused).isFalse();
    }
}
