package io.velox.bench.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.bench.report.Figure;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExplorationContestTest {
    @Test
    void greedyGetsStuckWhereAKindIsLovedByFew() {
        Map<String, Figure> figures = ExplorationContest.play(new SplitTaste(40, 100, 20), 3).figures().stream()
                .collect(Collectors.toMap(Figure::name, Function.identity()));
        for (String policy : new String[] {"ucb1.0", "ucb2.0", "thompson"}) {
            Figure less = figures.get("split." + policy + ".lessThanGreedy");
            assertThat(less).isNotNull();
            assertThat(less.n()).isEqualTo(3);
            assertThat(less.value()).isPositive();
        }
        assertThat(figures)
                .containsKeys("split.greedy.regret", "split.epsilon0.1.regret.early", "split.ucb0.5.regret.late");
        assertThat(figures).doesNotContainKey("split.greedy.lessThanGreedy");
    }
}
