package io.velox.core.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class WhereaboutsTest {
    @Test
    void kindsAndPlaceAreToldAndMessagesAndFieldsAreNot() {
        VeloxException cause = VeloxException.ofField(ErrorCode.INVALID_ITEM, "secret-field", "secret message");

        assertThat(Whereabouts.of(new IOException("secret too", cause)))
                .startsWith("java.io.IOException of io.velox.core.error.VeloxException INVALID_ITEM at ")
                .contains("WhereaboutsTest.java:")
                .doesNotContain("secret");
    }

    @Test
    void aFailureWithoutAStackIsToldByItsKind() {
        Throwable bare = new Throwable("secret", null, false, false) {};

        assertThat(Whereabouts.of(bare)).startsWith(bare.getClass().getName()).doesNotContain("secret", " at ");
    }
}
