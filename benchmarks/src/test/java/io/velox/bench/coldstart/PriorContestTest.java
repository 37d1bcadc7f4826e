package io.velox.bench.coldstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.bench.report.Figure;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PriorContestTest {
    private final PriorContest contest = new PriorContest(List.of(0, 5));

    @Test
    void gapsArePairedByTraining() {
        add(PriorContest.GAUSSIAN, 0.9, 1.0, 0.8, 0.9);
        add(PriorContest.AS_SERVED, 0.9, 1.0, 0.8, 0.9);
        add(PriorContest.MEAN, 0.9, 1.0, 0.81, 0.912);
        add(PriorContest.ZERO, 0.89, 0.992, 0.81, 0.912);
        Map<String, Figure> figures = figures();

        assertThat(figure(figures, "set.gaussian.rmse.5").value()).isCloseTo(0.85, within(1e-12));
        assertThat(figure(figures, "set.gaussian.rmse.5").n()).isEqualTo(2);
        Figure gap = figure(figures, "set.gap.mean.5");
        assertThat(gap.value()).isCloseTo(0.011, within(1e-12));
        // t(0.975, 1) from tables, and the deviation of 0.010 and 0.012.
        assertThat(gap.high() - gap.value()).isCloseTo(12.7062 * 0.001, within(1e-6));
        assertThat(figure(figures, "set.gap.mean.0").high()).isZero();
        assertThat(figure(figures, "set.gap.zero.0").value()).isCloseTo(-0.009, within(1e-12));
        assertThat(figure(figures, "set.worse").value()).isZero(); // -0.010 and -0.008 may be chance
    }

    @Test
    void whereARivalIsBetterBeyondTheIntervalItCounts() {
        add(PriorContest.GAUSSIAN, 0.9, 1.0, 0.8, 0.9);
        add(PriorContest.AS_SERVED, 0.9, 1.0, 0.8, 0.9);
        add(PriorContest.MEAN, 0.9, 1.0, 0.7, 0.8001);
        add(PriorContest.ZERO, 0.8, 0.9001, 0.8, 0.9);
        assertThat(figure(figures(), "set.worse").value()).isEqualTo(2);
    }

    @Test
    void eachKindIsJudgedAtWhatWasChosenByOthers() {
        NewUser.Rated label = new NewUser.Rated(new FeatureVector(new double[] {1}, 0, 0), 3);
        NewUser user = new NewUser(List.of(label, label, label, label, label), List.of(label));
        String chosen =
                contest.judge(new Start(Prior.mean(new double[] {3}, 0.5), 1), List.of(user), List.of(user, user));
        assertThat(chosen).contains("zero noise 0.250", "1 users to choose by and 2 judged, by 2 ratings");
        contest.judge(new Start(Prior.mean(new double[] {3}, 0.5), 1), List.of(user), List.of(user));
        Map<String, Figure> figures = figures();
        assertThat(figure(figures, "set.zero.rmse.0").value()).isEqualTo(3);
        assertThat(figure(figures, "set.zero.rmse.5").value()).isBetween(1e-6, 0.1);
        assertThat(figure(figures, "set.mean.rmse.0").value()).isZero();
    }

    /** Errors after 0 ratings in two trainings, and after 5. */
    private void add(String name, double firstAfter0, double secondAfter0, double firstAfter5, double secondAfter5) {
        contest.add(name, firstAfter0, firstAfter5);
        contest.add(name, secondAfter0, secondAfter5);
    }

    private Map<String, Figure> figures() {
        return contest.figures("set").stream().collect(Collectors.toMap(Figure::name, Function.identity()));
    }

    private static Figure figure(Map<String, Figure> figures, String name) {
        Figure figure = figures.get(name);
        assertThat(figure).as(name).isNotNull();
        return figure;
    }
}
