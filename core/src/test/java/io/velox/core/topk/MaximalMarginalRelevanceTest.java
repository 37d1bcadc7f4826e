package io.velox.core.topk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MaximalMarginalRelevanceTest {
    /** Two of a kind, one between, and one of another kind; the last dimension is the same for all. */
    private static final List<double[]> FEATURES = List.of(
            new double[] {1, 0, 1}, new double[] {0.99, 0.01, 1}, new double[] {1, 1, 1}, new double[] {0, 1, 1});

    private static final double[] SCORES = {4, 3.9, 3.2, 3};

    @Test
    void withoutDiversityTheOrderIsThatOfTheScores() {
        assertThat(MaximalMarginalRelevance.choose(SCORES, FEATURES, 10, 0)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void withDiversityWhatIsLikeTheBestComesLater() {
        assertThat(MaximalMarginalRelevance.choose(SCORES, FEATURES, 2, 0.6)).containsExactly(0, 3);
        assertThat(MaximalMarginalRelevance.choose(SCORES, FEATURES, 4, 0.6)).containsExactly(0, 3, 1, 2);
    }

    @Test
    void withNothingButDiversityTheScoresOnlyChooseTheFirst() {
        assertThat(MaximalMarginalRelevance.choose(SCORES, FEATURES, 2, 1)).containsExactly(0, 3);
    }

    @Test
    void candidatesWithoutDifferencesStayInTheirOrder() {
        List<double[]> same = List.of(new double[] {1, 2}, new double[] {1, 2}, new double[] {1, 2});
        assertThat(MaximalMarginalRelevance.choose(new double[] {2, 2, 2}, same, 3, 0.5))
                .containsExactly(0, 1, 2);
        assertThat(MaximalMarginalRelevance.choose(new double[0], List.of(), 3, 0.5))
                .isEmpty();
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> MaximalMarginalRelevance.choose(SCORES, FEATURES, 2, 1.5))
                .hasMessage("diversity must be from 0 to 1, but got 1.5");
        assertThatThrownBy(() -> MaximalMarginalRelevance.choose(new double[1], FEATURES, 2, 1))
                .hasMessage("scores and features must be as many, but are 1 and 4");
    }
}
