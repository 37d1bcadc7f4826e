package io.velox.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.VeloxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImpressionTest {
    @ParameterizedTest
    @ValueSource(strings = {"a1", "uniform", "uniform:7", "epsilon:a:b", "ucb:x", "thompson:x", "greedy:x"})
    void anIdOrAKnownPolicyWithAnIdIsFine(String impression) {
        assertThat(Impression.check("impression", impression)).isEqualTo(impression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "uniform:", "Uniform:7", "random:7", ":7", "uniform:\n"})
    void allElseIsRefusedByTheFieldsName(String impression) {
        assertThatThrownBy(() -> Impression.check("[3].impression", impression))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.field()).contains("[3].impression"));
    }

    @Test
    void onlyUniformExplorationFeedsTheValidationPool() {
        assertThat(Impression.isUniform("uniform:7")).isTrue();
        assertThat(Impression.isUniform("uniform:")).isFalse();
        assertThat(Impression.isUniform("uniform")).isFalse();
        assertThat(Impression.isUniform("greedy:uniform:7")).isFalse();
    }
}
