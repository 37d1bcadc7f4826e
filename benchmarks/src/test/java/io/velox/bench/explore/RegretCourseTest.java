package io.velox.bench.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegretCourseTest {
    private static final FeatureVector KNOWN = new FeatureVector(new double[] {0}, 1, 0);
    private static final FeatureVector DOUBTED = new FeatureVector(new double[] {1}, 0, 0);

    /** Two users who are offered a certain 1 or something that is thought to be 0, and is 2 to one of them and -1 to the other. */
    private record Doubted() implements Environment {
        @Override
        public String name() {
            return "doubted";
        }

        @Override
        public Prior prior() {
            return Prior.zero(1, 4);
        }

        @Override
        public double noise() {
            return 1e-9;
        }

        @Override
        public List<List<Round>> users(long seed) {
            return List.of(rounds(2), rounds(-1));
        }

        private static List<Round> rounds(double worth) {
            Round round = new Round(List.of(KNOWN, DOUBTED), new double[] {1, worth}, new double[] {1, worth});
            return List.of(round, round, round);
        }
    }

    @Test
    void greedyNeverTriesAndPaysEveryRound() {
        assertThat(course(new Policy.Greedy())).containsExactly(0, 0.5, 1, 1.5);
    }

    @Test
    void whoTriesPaysOnce() {
        double[] course = course(new Policy.Ucb(1));
        assertThat(course[0]).isZero();
        assertThat(course[1]).isCloseTo(1, within(1e-12)); // the second user's 1 - (-1), over two users
        assertThat(course[2]).isEqualTo(course[1]);
        assertThat(course[3]).isEqualTo(course[1]);
    }

    @Test
    void aSeedPlaysTheSameAgain() {
        assertThat(course(new Policy.Thompson())).containsExactly(course(new Policy.Thompson()));
    }

    @Test
    void aRoundHasAValueAndALabelOfEachCandidate() {
        assertThatThrownBy(() -> new Round(List.of(KNOWN), new double[] {1, 2}, new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 and 1 of 1");
    }

    private static double[] course(Policy policy) {
        Doubted environment = new Doubted();
        return RegretCourse.of(policy, environment, environment.users(1), 7);
    }
}
