package io.velox.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.log.RecordCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriorTest {
    private static final Prior GAUSSIAN = Prior.gaussian(new double[] {1.5, -2}, new double[] {2, 0.1, 3});

    @Test
    void everyKindIsAMeanAndACovariance() {
        assertThat(Prior.zero(2, 4).mean()).containsExactly(0, 0);
        assertThat(Prior.zero(2, 4).covariance()).isDeepEqualTo(new double[][] {{4, 0}, {0, 4}});
        assertThat(Prior.mean(new double[] {1, 2}, 4).mean()).containsExactly(1, 2);
        assertThat(Prior.mean(new double[] {1, 2}, 4).packedCovariance()).containsExactly(4, 0, 4);
        assertThat(GAUSSIAN.covariance()).isDeepEqualTo(new double[][] {{2, 0.1}, {0.1, 3}});
        assertThat(GAUSSIAN.dimension()).isEqualTo(2);
    }

    @Test
    void everyKindIsWrittenAndReadUnchanged() throws IOException {
        for (Prior prior :
                new Prior[] {Prior.zero(3, 0.1), Prior.mean(new double[] {1e-300, 1.0 / 3}, 1e9), GAUSSIAN}) {
            Prior read = RecordCodec.read(RecordCodec.write(prior), Prior.class);
            assertThat(read).isEqualTo(prior).hasSameHashCodeAs(prior);
            assertThat(read.covarianceFactor()).containsExactly(prior.covarianceFactor());
        }
    }

    @Test
    void nobodyCanWriteToIt() {
        double[] mean = {1, 2};
        double[] covariance = {1, 0, 1};
        Prior prior = Prior.gaussian(mean, covariance);
        mean[0] = 9;
        covariance[0] = 9;
        prior.mean()[0] = 9;
        prior.packedCovariance()[0] = 9;
        prior.covarianceFactor()[0] = 9;
        assertThat(prior).isEqualTo(Prior.gaussian(new double[] {1, 2}, new double[] {1, 0, 1}));
        assertThat(prior.covarianceFactor()).containsExactly(1, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aVarianceIsPositiveAndFinite(double variance) {
        assertThatThrownBy(() -> Prior.zero(2, variance))
                .hasMessage("variance must be positive and finite, but got " + variance);
        assertThatThrownBy(() -> Prior.mean(new double[2], variance))
                .hasMessage("variance must be positive and finite, but got " + variance);
    }

    @Test
    void whatIsNoDistributionIsRefused() {
        assertThatThrownBy(() -> Prior.gaussian(new double[] {0, 0}, new double[] {1, 2, 1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not positive definite: pivot 0 is -3.0");
        assertThatThrownBy(() -> Prior.gaussian(new double[] {0, Double.NaN}, new double[] {1, 0, 1}))
                .hasMessage("a prior must be finite");
        assertThatThrownBy(() -> Prior.gaussian(new double[] {0, 0}, new double[] {1, Double.POSITIVE_INFINITY, 1}))
                .hasMessage("a prior must be finite");
        assertThatThrownBy(() -> Prior.gaussian(new double[] {0, 0}, new double[] {1}))
                .hasMessageContaining("d = 2");
        assertThatThrownBy(() -> Prior.gaussian(new double[0], new double[0])).hasMessageContaining("d = 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'kind':'gaussian','mean':[0,0],'covariance':[[1,0.5],[0.4,1]]}|must be symmetric",
                "{'kind':'gaussian','mean':[0,0],'covariance':[[1,0.5]]}|must be square",
                "{'kind':'gaussian','mean':[0],'covariance':[[1,0],[0,1]]}|d = 1",
                "{'kind':'gaussian','mean':[0],'covariance':[[-1]]}|pivot 0 is -1.0",
                "{'kind':'gaussian','mean':[],'covariance':[]}|d = 0",
                "{'kind':'zero','mean':[1],'covariance':[[1]]}|of kind zero has no mean but zero",
                "{'kind':'zero','mean':[0,0],'covariance':[[1,0],[0,2]]}|isotropic",
                "{'kind':'mean','mean':[0,0],'covariance':[[1,0.1],[0.1,1]]}|isotropic",
                "{'kind':'median','mean':[0],'covariance':[[1]]}|median",
                "{'mean':[0],'covariance':[[1]]}|kind",
                "{'kind':'zero','covariance':[[1]]}|mean",
                "{'kind':'zero','mean':[0]}|covariance"
            },
            quoteCharacter = '`')
    void jsonThatIsNoPriorIsRefused(String json, String message) {
        assertThatThrownBy(
                        () -> RecordCodec.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Prior.class))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }
}
