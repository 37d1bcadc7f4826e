package io.velox.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import org.junit.jupiter.api.Test;

class VeloxModelTest {
    private static final ModelVersion ID = new ModelVersion("m", 2);
    private static final Item DATA =
            Item.ofJson(JsonNodeFactory.instance.arrayNode().add(2).add(3));
    private static final FactorTable FACTORS = new FactorTable.Builder(2)
            .add("1", new float[] {0.5f, 1}, 3.5f, 0.25f)
            .build();

    @Test
    void matrixFactorisationLooksItemsUp() {
        VeloxModel model = new MatrixFactorModel(ID, FACTORS, Prior.zero(2, 1), 0.5);
        FeatureVector f = model.features(Item.ofId("1")).orElseThrow();
        assertThat(f.values()).containsExactly(0.5, 1);
        assertThat(f.offset()).isEqualTo(3.5);
        assertThat(f.noise()).isEqualTo(0.25);
        assertThat(f.score(new double[] {2, 10})).isEqualTo(14.5);
        assertThat(model.features(Item.ofId("2"))).isEmpty();
        assertThat(model.features(DATA)).isEmpty();
        assertThat(model.dimension()).isEqualTo(2);
        assertThat(model.isMaterialized()).isTrue();
    }

    @Test
    void matrixFactorisationIsForIds() {
        VeloxModel model = new MatrixFactorModel(ID, FACTORS, Prior.zero(2, 1), 0.5);
        assertThatCode(() -> model.check(Item.ofId("unknown"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> model.check(DATA))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ITEM))
                .hasMessage("item must be an id for model m, but got data: [2,3]");
    }

    @Test
    void aLinearModelComputesFeaturesFromTheItemItself() {
        VeloxModel model = new LinearModel(ID, LinearInputs.array(2), Prior.zero(3, 1), 0.5);
        FeatureVector f = model.features(DATA).orElseThrow();
        assertThat(f.values()).containsExactly(2, 3, 1);
        assertThat(f.offset()).isZero();
        assertThat(f.noise()).isZero();
        assertThat(model.features(Item.ofId("1"))).isEmpty();
        assertThat(model.isMaterialized()).isFalse();
        assertThat(model.dimension()).isEqualTo(3);
        assertThatCode(() -> model.check(DATA)).doesNotThrowAnyException();
        assertThatThrownBy(() -> model.check(Item.ofId("1"))).isInstanceOf(VeloxException.class);
    }

    @Test
    void theLossIsTheSquaredError() {
        assertThat(new LinearModel(ID, LinearInputs.array(2), Prior.zero(3, 1), 0.5).loss(4, 2.5))
                .isEqualTo(2.25);
    }

    @Test
    void aPriorOfAnotherDimensionMakesAModelCorrupt() {
        assertThatThrownBy(() -> new MatrixFactorModel(ID, FACTORS, Prior.zero(3, 1), 0.5))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_MODEL))
                .hasMessage("m/2 has factors of dimension 2, but a prior of dimension 3");
        assertThatThrownBy(() -> new LinearModel(ID, LinearInputs.array(2), Prior.zero(2, 1), 0.5))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_MODEL));
    }

    @Test
    void versionsCountFromOneAndAreOrdered() {
        assertThat(ID).hasToString("m/2").isLessThan(new ModelVersion("m", 10)).isLessThan(new ModelVersion("n", 1));
        assertThatThrownBy(() -> new ModelVersion("m", 0)).hasMessage("version must be at least 1, but got 0");
        assertThatThrownBy(() -> new ModelVersion("M", 1)).isInstanceOf(VeloxException.class);
    }
}
