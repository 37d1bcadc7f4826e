package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParentWatchTest {
    @Test
    void actsWhenTheInputEndsAndNotBefore() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (PipedOutputStream parent = new PipedOutputStream();
                PipedInputStream input = new PipedInputStream(parent)) {
            Thread watch = ParentWatch.start(input, ended::countDown);
            parent.write(new byte[3000]); // more than the pipe holds: returns when the watch has read of it
            assertThat(ended.getCount()).isEqualTo(1);
            assertThat(watch.isDaemon()).isTrue();

            parent.close();

            assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
        }
    }
}
