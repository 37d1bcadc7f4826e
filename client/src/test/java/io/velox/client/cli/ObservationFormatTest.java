package io.velox.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.velox.client.Observation;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ObservationFormatTest {
    private static final Instant TIME = Instant.ofEpochSecond(964_982_703);

    @Test
    void readsCsvByTheNamesOfItsColumnsAlsoWhenTheirOrderIsAnother() {
        ObservationFormat format = ObservationFormat.of("rating,item,uid,timestamp,comment");

        assertThat(format.hasHeader()).isTrue();
        assertThat(format.read("4.5,\"a,b\",u1,964982703,\"fine\""))
                .isEqualTo(Observation.of("u1", "a,b", 4.5).at(TIME));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.read("4.5,i,u"))
                .withMessageContaining("5 columns");
    }

    @Test
    void readsNdjsonAsObserveTakesIt() {
        ObservationFormat format = ObservationFormat.of("{\"uid\":\"u\"}");

        assertThat(format.hasHeader()).isFalse();
        Observation observation = format.read(
                "{\"uid\":7,\"item\":[1,2],\"label\":3,\"timestamp\":\"2000-07-30T18:45:03Z\",\"id\":\"x\"}");
        assertThat(observation.uid()).isEqualTo("7");
        assertThat(observation.item().isArray()).isTrue();
        assertThat(observation.timestamp()).isEqualTo(TIME);
        assertThat(observation.id()).isEqualTo("x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.read("{\"uid\":\"u\",\"label\":3}"))
                .withMessage("item is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.read("{\"uid\":\"u\",\"item\":\"i\",\"label\":3,\"weight\":1}"))
                .withMessageContaining("weight");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.read("{\"uid\":\"u\",\"item\":\"i\",\"label\":\"3\"}"))
                .withMessageContaining("label must be a number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.read("{oops"))
                .withMessageContaining("JSON");
    }

    @Test
    void readsDoubleColons() {
        ObservationFormat format = ObservationFormat.of("1::10::5::964982703");

        assertThat(format.read("1::10::5::964982703"))
                .isEqualTo(Observation.of("1", "10", 5).at(TIME));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.read("1::10"))
                .withMessageContaining("user::item::rating");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.read("1::10::NaN::0"))
                .withMessageContaining("label");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format.read("1::10::5::noon"))
                .withMessageContaining("timestamp");
    }
}
