package io.velox.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.serving.predict.TestWorld;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class RankRequestTest {
    private static RankRequest read(String json) {
        return RankRequest.read(
                "body",
                JsonBody.parse(Buffer.buffer(json)),
                TestWorld.als(TestWorld.ALS_3),
                ConfigurationReader.defaults().serving());
    }

    @Test
    void aVariedListIsChosenFromTenTimesAsManyAndAtLeastAHundred() {
        assertThat(read("{\"uid\":\"u\",\"k\":3,\"diversity\":0.1}").best()).isEqualTo(100);
        assertThat(read("{\"uid\":\"u\",\"k\":20,\"offset\":30,\"diversity\":0.1}")
                        .best())
                .isEqualTo(500);
        assertThat(read("{\"uid\":\"u\",\"k\":20,\"offset\":30}").best()).isEqualTo(50);
    }

    @Test
    void aVariedListHasABoundSinceItsChoiceGrowsWithTheSquareOfIt() {
        assertThat(read("{\"uid\":\"u\",\"k\":100,\"offset\":400,\"diversity\":1}")
                        .end())
                .isEqualTo(500);
        assertThat(read("{\"uid\":\"u\",\"k\":101,\"offset\":400,\"diversity\":0}")
                        .end())
                .isEqualTo(501);
        assertThatThrownBy(() -> read("{\"uid\":\"u\",\"k\":101,\"offset\":400,\"diversity\":1}"))
                .isInstanceOfSatisfying(VeloxException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
                    assertThat(e.field()).contains("diversity");
                });
    }
}
