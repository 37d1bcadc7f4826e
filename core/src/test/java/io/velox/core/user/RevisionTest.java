package io.velox.core.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionTest {
    @ParameterizedTest
    @ValueSource(strings = {"0:0:0", "0:2:1841", "999999999:999999999:999999999999999999"})
    void isReadAsItIsWritten(String text) {
        assertThat(Revision.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1:2", "1:2:3:4", "a:b:c", "-1:0:0", "0:0:1e3", " 0:0:0", "0:0:9999999999999999999", "٠:٠:٠"
            })
    void otherTextIsNoReceipt(String text) {
        assertThatThrownBy(() -> Revision.parse(text)).isInstanceOfSatisfying(VeloxException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECEIPT);
            assertThat(e.field()).contains("after");
        });
    }

    @Test
    void messagesStayShort() {
        assertThatThrownBy(() -> Revision.parse("9".repeat(100_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void aReceiptIsReachedByItsOwnOffsetAndEveryLaterOne() {
        Revision receipt = new Revision(1, 2, 10);
        assertThat(new Revision(1, 2, 9).hasReached(receipt)).isFalse();
        assertThat(new Revision(1, 2, 10).hasReached(receipt)).isTrue();
        assertThat(new Revision(1, 2, 11).hasReached(receipt)).isTrue();
    }

    @Test
    void positionsInDifferentPartitionsOrEpochsCannotBeCompared() {
        Revision receipt = new Revision(1, 2, 10);
        for (Revision other : new Revision[] {new Revision(0, 2, 10), new Revision(1, 3, 10)}) {
            assertThatThrownBy(() -> other.hasReached(receipt))
                    .isInstanceOfSatisfying(
                            VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_RECEIPT));
            assertThat(other.isInPartitionOf(receipt)).isFalse();
        }
    }

    @Test
    void nothingOfItIsNegative() {
        assertThatThrownBy(() -> new Revision(-1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Revision(0, -1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Revision(0, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
