package io.velox.serving.predict;

import static io.velox.serving.predict.TestWorld.ALS_2;
import static io.velox.serving.predict.TestWorld.ALS_3;
import static io.velox.serving.predict.TestWorld.user;
import static io.velox.serving.predict.TestWorld.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.model.Item;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.users.UserView;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnsweringTest {
    private final CatalogueEntry als = TestWorld.catalogue().get("als");

    private static Optional<LoadedVersion> allLoaded(ModelVersion id) {
        return Optional.ofNullable(TestWorld.loaded().get(id));
    }

    @Test
    void anUnknownUserGetsThePriorMeanOfTheActiveVersion() {
        Answering answering = Answering.choose(als, AnsweringTest::allLoaded, view(null));

        assertThat(answering.id()).isEqualTo(ALS_3);
        assertThat(answering.weights()).containsExactly(0.1, -0.2, 0.05);
        assertThat(answering.source()).isEqualTo(Source.PRIOR);
        assertThat(answering.revision()).isEmpty();
        assertThat(answering.degraded()).isEmpty();
    }

    @Test
    void aRebasedUserGetsTheActiveVersion() {
        UserModel user = user("u", 2, weights(ALS_2, 2, 9, 9, 9), weights(ALS_3, 2, 1, 2, 3));

        Answering answering = Answering.choose(als, AnsweringTest::allLoaded, view(user));

        assertThat(answering.id()).isEqualTo(ALS_3);
        assertThat(answering.weights()).containsExactly(1, 2, 3);
        assertThat(answering.source()).isEqualTo(Source.PERSONAL);
        assertThat(answering.revision()).contains(new Revision(0, 2, 41));
        assertThat(answering.degraded()).isEmpty();
    }

    @Test
    void aUserWithHistoryButNoWeightsInTheActiveVersionGetsTheStandbyOneComplete() {
        Answering answering =
                Answering.choose(als, AnsweringTest::allLoaded, view(user("u", 2, weights(ALS_2, 2, 9, 8, 7))));

        assertThat(answering.id()).isEqualTo(ALS_2);
        assertThat(answering.version().model().id()).isEqualTo(ALS_2);
        assertThat(answering.weights()).containsExactly(9, 8, 7);
        assertThat(answering.degraded()).isEmpty();
    }

    @Test
    void aUserWhoseHistoryIsEmptyIsNotSentToTheStandbyVersion() {
        Answering answering =
                Answering.choose(als, AnsweringTest::allLoaded, view(user("u", 0, weights(ALS_2, 0, 9, 8, 7))));

        assertThat(answering.id()).isEqualTo(ALS_3);
        assertThat(answering.weights()).containsExactly(0.1, -0.2, 0.05);
        assertThat(answering.degraded()).isEmpty();
    }

    @Test
    void aUserWithHistoryAndNoWeightsAnywhereGetsThePriorAndTheAnswerSaysSo() {
        Answering answering = Answering.choose(als, AnsweringTest::allLoaded, view(user("u", 2)));

        assertThat(answering.id()).isEqualTo(ALS_3);
        assertThat(answering.source()).isEqualTo(Source.PRIOR);
        assertThat(answering.degraded()).hasValueSatisfying(d -> assertThat(d).contains("als/3"));
    }

    @Test
    void weightsThatHaveLearntNothingYetArePrior() {
        Answering answering =
                Answering.choose(als, AnsweringTest::allLoaded, view(user("u", 2, weights(ALS_3, 0, 0.1, -0.2, 0.05))));

        assertThat(answering.source()).isEqualTo(Source.PRIOR);
        assertThat(answering.degraded()).isEmpty();
    }

    @Test
    void aDegradedViewMakesADegradedAnswer() {
        UserView view = new UserView(Optional.empty(), Optional.of("the job is away"));

        assertThat(Answering.choose(als, AnsweringTest::allLoaded, view).degraded())
                .contains("the job is away");
    }

    @Test
    void aNodeWithoutTheActiveVersionAnswersFromTheStandbyOneAndSaysSo() {
        UserModel user = user("u", 2, weights(ALS_2, 2, 9, 8, 7), weights(ALS_3, 2, 1, 2, 3));

        Answering answering =
                Answering.choose(als, id -> id.equals(ALS_3) ? Optional.empty() : allLoaded(id), view(user));

        assertThat(answering.id()).isEqualTo(ALS_2);
        assertThat(answering.weights()).containsExactly(9, 8, 7);
        assertThat(answering.degraded()).hasValueSatisfying(d -> assertThat(d).contains("als/3", "not loaded"));
    }

    @Test
    void withoutAnActiveVersionThereIsNoAnswer() {
        CatalogueEntry bare = CatalogueEntry.of("bare", ModelKind.ALS);

        assertThatThrownBy(() -> Answering.choose(bare, AnsweringTest::allLoaded, view(null)))
                .isInstanceOfSatisfying(VeloxException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.MODEL_NOT_LOADED);
                    assertThat(e).hasMessageContaining("/v1/models/bare/retrain");
                });
    }

    @Test
    void whenNothingIsLoadedThereIsNoAnswer() {
        assertThatThrownBy(() -> Answering.choose(als, id -> Optional.empty(), view(null)))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_NOT_LOADED));
    }

    @Test
    void aScoreIsOffsetPlusWeightsTimesFeatures() {
        Answering answering =
                Answering.choose(als, AnsweringTest::allLoaded, view(user("u", 1, weights(ALS_3, 1, 1, 2, 3))));

        FeaturesAtHand features = new ModelFeatures(answering.version().model());
        assertThat(answering.score(features, Item.ofId("20"))).hasValue(3 + 1 * 0.5 + 2 * 0.25 + 3);
        assertThat(answering.score(features, Item.ofId("unheard of"))).isEmpty();
    }

    @Test
    void aScoreThatIsNoFiniteNumberIsAnInternalFailure() {
        Answering broken = Answering.choose(
                als, AnsweringTest::allLoaded, view(user("u", 1, weights(ALS_3, 1, Double.NaN, 0, 0))));

        FeaturesAtHand features = new ModelFeatures(broken.version().model());
        assertThatThrownBy(() -> broken.score(features, Item.ofId("20")))
                .isInstanceOfSatisfying(
                        VeloxException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
    }

    private static UserView view(@Nullable UserModel user) {
        return new UserView(Optional.ofNullable(user), Optional.empty());
    }
}
