package io.velox.bench.explore;

import io.velox.core.learn.RidgeLearner;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The regret that a policy has come to after each round. */
public final class RegretCourse {
    private RegretCourse() {}

    /**
     * Plays an environment once.
     *
     * @param users the rounds of each, as the environment draws them
     * @return the cumulative regret, mean over users: first 0, and then after each round
     */
    public static double[] of(Policy policy, Environment environment, List<List<Round>> users, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        double[] course = new double[users.get(0).size() + 1];
        for (List<Round> rounds : users) {
            add(course, policy, RidgeLearner.atPrior(environment.prior(), environment.noise()), rounds, seeds.split());
        }
        for (int round = 1; round < course.length; round++) {
            course[round] = course[round - 1] + course[round] / users.size();
        }
        return course;
    }

    private static void add(
            double[] regrets, Policy policy, RidgeLearner learner, List<Round> rounds, RandomGenerator random) {
        for (int i = 1; i < regrets.length; i++) {
            Round round = rounds.get(i - 1);
            int chosen = policy.choose(learner, round.candidates(), random);
            regrets[i] += round.regret(chosen);
            learner.learn(round.candidates().get(chosen), round.labels()[chosen]);
        }
    }
}
