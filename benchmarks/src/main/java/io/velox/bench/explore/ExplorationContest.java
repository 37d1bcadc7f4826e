package io.velox.bench.explore;

import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The regret of several policies in one environment, each on the same users and rounds, one sample for each seed. */
public final class ExplorationContest {
    private static final Policy GREEDY = new Policy.Greedy();
    private static final List<Policy> POLICIES = List.of(
            GREEDY,
            new Policy.EpsilonGreedy(0.02),
            new Policy.EpsilonGreedy(0.1),
            new Policy.Ucb(0.5),
            new Policy.Ucb(1),
            new Policy.Ucb(2),
            new Policy.Thompson());

    private final String name;
    private final Map<String, List<double[]>> courses;

    private ExplorationContest(String name, Map<String, List<double[]>> courses) {
        this.name = name;
        this.courses = courses;
    }

    /** Plays an environment with seeds from 1 up to some number. */
    public static ExplorationContest play(Environment environment, int seeds) {
        Map<String, List<double[]>> courses = new LinkedHashMap<>();
        for (long seed = 1; seed <= seeds; seed++) {
            List<List<Round>> users = environment.users(seed);
            for (Policy policy : POLICIES) {
                courses.computeIfAbsent(policy.name(), key -> new ArrayList<>())
                        .add(RegretCourse.of(policy, environment, users, seed));
            }
        }
        return new ExplorationContest(environment.name(), courses);
    }

    /**
     * Of each policy the regret of a user after all rounds, after a tenth of them, and by how much it is less than that of greedy in the end; and
     * in the last tenth of the rounds the regret of a round.
     */
    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        courses.forEach((policy, samples) -> {
            int rounds = samples.get(0).length - 1;
            int tenth = Math.max(1, rounds / 10);
            figures.add(Figure.of(name + "." + policy + ".regret", "stars", after(samples, rounds)));
            figures.add(Figure.of(name + "." + policy + ".regret.early", "stars", after(samples, tenth)));
            figures.add(Figure.of(
                    name + "." + policy + ".regret.late",
                    "stars a round",
                    Estimate.mean(samples.stream()
                            .mapToDouble(course -> (course[rounds] - course[rounds - tenth]) / tenth)
                            .toArray())));
            if (!policy.equals(GREEDY.name())) {
                figures.add(Figure.of(name + "." + policy + ".lessThanGreedy", "stars", lessThanGreedy(samples)));
            }
        });
        return figures;
    }

    private Estimate lessThanGreedy(List<double[]> samples) {
        List<double[]> greedy = courses.getOrDefault(GREEDY.name(), List.of());
        int last = samples.get(0).length - 1;
        return Estimate.mean(IntStream.range(0, samples.size())
                .mapToDouble(seed -> greedy.get(seed)[last] - samples.get(seed)[last])
                .toArray());
    }

    /** The cumulative regret over the rounds. */
    public Plot plot(String title) {
        Plot plot = new Plot(title, "rounds", "regret of a user, stars");
        courses.forEach((policy, samples) -> {
            int rounds = samples.get(0).length - 1;
            plot.band(
                    policy,
                    IntStream.rangeClosed(0, rounds).mapToDouble(i -> i).toArray(),
                    IntStream.rangeClosed(0, rounds)
                            .mapToObj(round -> after(samples, round))
                            .toList());
        });
        return plot;
    }

    private static Estimate after(List<double[]> samples, int rounds) {
        return Estimate.mean(
                samples.stream().mapToDouble(course -> course[rounds]).toArray());
    }
}
