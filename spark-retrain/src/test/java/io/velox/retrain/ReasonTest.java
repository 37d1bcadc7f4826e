package io.velox.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReasonTest {
    @Test
    void ourOwnWordsAreFoundWhereverSparkWrappedThem() {
        Throwable wrapped = new IOException(
                "Job aborted\nDriver stacktrace:",
                new VeloxException(ErrorCode.INTERNAL, "record 7 is bad", new Error("x")));
        assertThat(Reason.of(wrapped)).isEqualTo("record 7 is bad");
    }

    @Test
    void othersAreOneLineWithWhatBroke() {
        assertThat(Reason.of(new RuntimeException("outer", new IOException("disk full\nat line 2"))))
                .isEqualTo("RuntimeException: outer (IOException: disk full)");
        assertThat(Reason.of(new OutOfMemoryError())).isEqualTo("java.lang.OutOfMemoryError");
        assertThat(Reason.of(new IllegalArgumentException("--rank must be from 1")))
                .isEqualTo("--rank must be from 1");
    }

    @Test
    void aLongReasonIsCut() {
        assertThat(Reason.of(new IllegalArgumentException("x".repeat(5000))))
                .hasSize(500)
                .endsWith("...");
    }

    @Test
    void whatTheStoreOrAMachineRefusedMayBeTriedAgainAndWhatTheDataRefuseNot() {
        VeloxException away = new VeloxException(ErrorCode.STORE_UNAVAILABLE, "away");
        VeloxException nothing = new VeloxException(ErrorCode.INVALID_REQUEST, "nothing to train from");
        assertThat(Reason.isFinal(new RuntimeException("job aborted", away))).isFalse();
        assertThat(Reason.isFinal(new OutOfMemoryError())).isFalse();
        assertThat(Reason.isFinal(new RuntimeException("job aborted", nothing))).isTrue();
        assertThat(Reason.isFinal(new IllegalArgumentException("--rank must be at least 1")))
                .isTrue();
    }
}
