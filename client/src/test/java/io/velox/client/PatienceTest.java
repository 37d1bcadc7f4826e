package io.velox.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void aServerThatComesBackIsAskedUntilItAnswers() {
        assertThat(new Patience(Duration.ofSeconds(30)).get(() -> answerAfter(2, 503)))
                .isEqualTo("answer");
        assertThat(calls).hasValue(3);
    }

    @Test
    void aRefusalIsThrownAtOnceAsItIs() {
        assertThatThrownBy(() -> new Patience(Duration.ofSeconds(30)).get(() -> answerAfter(5, 400)))
                .isInstanceOf(VeloxClientException.class)
                .hasMessageContaining("away");
        assertThat(calls).hasValue(1);
    }

    @Test
    void patienceEndsWithTheLastFailure() {
        assertThatThrownBy(() -> new Patience(Duration.ofMillis(600)).get(() -> answerAfter(1000, 503)))
                .isInstanceOf(VeloxClientException.class)
                .hasMessageContaining("away");
    }

    private String answerAfter(int failures, int status) {
        if (calls.incrementAndGet() <= failures) {
            throw new VeloxClientException(status, "LOG_UNAVAILABLE", null, "the log is away", true, null);
        }
        return "answer";
    }
}
