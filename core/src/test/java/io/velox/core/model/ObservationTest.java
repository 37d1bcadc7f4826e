package io.velox.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.VeloxException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObservationTest {
    private static final Item ITEM = Item.ofId("1");

    @ParameterizedTest
    @ValueSource(doubles = {-1e9, 0, 4.5, 1e9})
    void labelsAreNumbersOfAnySign(double label) {
        assertThat(Observation.of("u", ITEM, label, Instant.EPOCH).label()).isEqualTo(label);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1.1e9, 1e10})
    void otherLabelsAreRefused(double label) {
        assertThatThrownBy(() -> Observation.of("u", ITEM, label, Instant.EPOCH))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.field()).contains("label"))
                .hasMessage("label must be a number from -1e9 to 1e9, but got " + label);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"})
    void timesAreInTheYearsThatEveryEngineKnows(String time) {
        assertThat(Observation.of("u", ITEM, 1, Instant.parse(time)).timestamp())
                .isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59.999999999Z"})
    void otherTimesAreRefused(String time) {
        assertThatThrownBy(() -> Observation.of("u", ITEM, 1, Instant.parse(time)))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.field()).contains("timestamp"));
    }

    @Test
    void everyIdIsCheckedUnderItsOwnName() {
        assertThatThrownBy(() -> Observation.of("", ITEM, 1, Instant.EPOCH)).hasMessage("uid must not be empty");
        assertThatThrownBy(() -> new Observation("u", ITEM, 1, Instant.EPOCH, "", null))
                .hasMessage("id must not be empty");
        assertThatThrownBy(() -> new Observation("u", ITEM, 1, Instant.EPOCH, null, ""))
                .hasMessage("impression must not be empty");
        assertThat(new Observation("u", ITEM, 1, Instant.EPOCH, "i", null).clientId())
                .contains("i");
        assertThat(Observation.of("u", ITEM, 1, Instant.EPOCH).clientId()).isEmpty();
    }
}
