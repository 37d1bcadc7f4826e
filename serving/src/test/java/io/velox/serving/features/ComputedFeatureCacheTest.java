package io.velox.serving.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.velox.core.error.VeloxException;
import io.velox.core.model.Item;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.LinearModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.model.Repeat;
import io.velox.core.model.VeloxModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComputedFeatureCacheTest {
    private static final LinearInputs PAIR = LinearInputs.array(2);

    private final ComputedFeatureCache cache = new ComputedFeatureCache(1 << 20);
    private final VeloxModel model = cache.keepingFeatures(linear("lin", 1, PAIR));

    private static LinearModel linear(String name, int version, LinearInputs inputs) {
        return new LinearModel(
                new ModelVersion(name, version), inputs, Prior.zero(inputs.dimension(), 2), 0.5, Repeat.ACCUMULATE);
    }

    private static Item data(String json) {
        try {
            return Item.ofJson(new ObjectMapper().readTree(json));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void featuresAreThoseThatTheModelComputesAndAreComputedOnce() {
        LinearModel plain = linear("lin", 1, PAIR);
        for (int time = 0; time < 3; time++) {
            assertThat(model.features(data("[0.1, -3e5]")).orElseThrow())
                    .usingRecursiveComparison()
                    .isEqualTo(plain.features(data("[0.1, -3e5]")).orElseThrow());
        }
        assertThat(cache.misses()).isEqualTo(1);
        assertThat(cache.hits()).isEqualTo(2);
    }

    @Test
    void anItemThatWasCheckedIsNotComputedAgainToBeScored() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        cache.bindTo(registry);
        model.check(data("[1, 2]"));
        assertThat(model.features(data("[1, 2]"))).isPresent();
        model.check(data("[1, 2]"));

        assertThat(registry.get("velox.computed.cache.loads").functionTimer().count())
                .isEqualTo(1);
        assertThat(registry.get("velox.computed.cache.hits").functionCounter().count())
                .isEqualTo(2);
        assertThat(registry.get("velox.computed.cache.misses").functionCounter().count())
                .isEqualTo(1);
        assertThat(registry.get("velox.computed.cache.bytes").gauge().value()).isPositive();
    }

    @Test
    void whatTheModelRefusesIsRefusedEachTimeAndNotKept() {
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> model.check(data("[1, 2, 3]")))
                    .isInstanceOf(VeloxException.class)
                    .hasMessageContaining("an array of 2 numbers");
            assertThatThrownBy(() -> model.check(Item.ofId("7"))).isInstanceOf(VeloxException.class);
            assertThat(model.features(data("[1, 2, 3]"))).isEmpty();
            assertThat(model.features(Item.ofId("7"))).isEmpty();
        }
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void versionsAndModelsOfTheSameInputsShareWhatIsComputed() {
        VeloxModel next = cache.keepingFeatures(linear("lin", 2, LinearInputs.array(2)));
        VeloxModel other = cache.keepingFeatures(linear("other", 1, LinearInputs.array(2)));

        assertThat(next.features(data("[1, 2]")).orElseThrow())
                .isSameAs(model.features(data("[1, 2]")).orElseThrow())
                .isSameAs(other.features(data("[1, 2]")).orElseThrow());
    }

    @Test
    void modelsOfOtherInputsDoNotShareWhatIsComputed() {
        LinearInputs xy = LinearInputs.named(List.of("x", "y"));
        LinearInputs yx = LinearInputs.named(List.of("y", "x"));
        Item item = data("{\"x\": 1, \"y\": 2}");

        assertThat(cache.keepingFeatures(linear("a", 1, xy))
                        .features(item)
                        .orElseThrow()
                        .values())
                .containsExactly(1, 2, 1);
        assertThat(cache.keepingFeatures(linear("b", 1, yx))
                        .features(item)
                        .orElseThrow()
                        .values())
                .containsExactly(2, 1, 1);
    }

    @Test
    void theModelIsTheSameInEverythingElse() {
        LinearModel plain = linear("lin", 1, PAIR);
        assertThat(model.id()).isEqualTo(plain.id());
        assertThat(model.dimension()).isEqualTo(3);
        assertThat(model.isMaterialized()).isFalse();
        assertThat(model.prior()).isSameAs(((CachedLinearModel) model).model().prior());
        assertThat(model.noise()).isEqualTo(plain.noise());
        assertThat(model.repeat()).isEqualTo(Repeat.ACCUMULATE);
        assertThat(model.loss(3, 1)).isEqualTo(plain.loss(3, 1));
    }

    @Test
    void itIsBoundedByBytes() {
        ComputedFeatureCache small = new ComputedFeatureCache(10_000);
        VeloxModel bounded = small.keepingFeatures(linear("lin", 1, PAIR));
        for (int i = 0; i < 1_000; i++) {
            assertThat(bounded.features(data("[" + i + ", 2]"))).isPresent();
        }
        assertThat(small.bytes()).isBetween(9_000L, 10_000L);
    }
}
