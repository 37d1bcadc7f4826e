package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.KnownRatings;
import io.velox.bench.explore.AsAssumed;
import io.velox.bench.explore.DenseBlock;
import io.velox.bench.explore.ExplorationContest;
import io.velox.bench.explore.Replay;
import io.velox.bench.explore.SplitTaste;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import io.velox.bench.training.TrainedFactors;
import io.velox.core.model.MatrixFactorModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/** What exploration is worth: the regret of greedy, ε-greedy, UCB and Thompson sampling in worlds whose truth is known, and by replay of real ratings. */
public final class ExploreBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final int RANK = 20;
    private static final int USERS = 100;
    private static final int ROUNDS = 200;
    private static final int CANDIDATES = 20;
    private static final int HAND = 5;
    private static final int CATALOGUE = 10_677;
    private static final int TIMED_RANK = 50;
    private static final int TIMED_USERS = 200;

    @Override
    public String name() {
        return "explore";
    }

    @Override
    public String summary() {
        return "the regret of greedy, epsilon-greedy, UCB and Thompson sampling, simulated and by replay";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        String set = setting.choose(KnownRatings.ML_1M_HALF, KnownRatings.ML_SMALL);
        KnownRatings ratings = KnownRatings.named(set, setting).ofRank(RANK);
        int side = setting.choose(100, 30);
        DenseBlock block = DenseBlock.of(ratings.table(), side, side);
        MatrixFactorModel model = TrainedFactors.train(ratings, new HashSet<>(block.users()), SEED, setting)
                .model();
        int seeds = setting.choose(20, 3);
        int users = setting.choose(USERS, 20);
        SplitTaste splitTaste = new SplitTaste(users, ROUNDS, CANDIDATES);
        setting.say("simulating");
        ExplorationContest split = ExplorationContest.play(splitTaste, seeds);
        ExplorationContest asAssumed = ExplorationContest.play(new AsAssumed(model, users, ROUNDS, CANDIDATES), seeds);
        setting.say("replaying");
        ExplorationContest replay = ExplorationContest.play(new Replay(model, ratings.table(), block, HAND), seeds);
        Plot.write(
                setting.results().resolve("explore.png"),
                List.of(
                        split.plot("A kind that few love, unknown who"),
                        asAssumed.plot("As the version assumes"),
                        replay.plot("Replay, " + set)));
        setting.say("timing " + CATALOGUE + " items");
        ExplorationTimes times =
                new ExplorationTimes(TrainedFactors.train(set, TIMED_RANK, SEED, setting), CATALOGUE, SEED);
        int rounds = setting.choose(10, 2);
        List<Figure> figures = new ArrayList<>(times.run("", TIMED_USERS, Integer.MAX_VALUE, rounds));
        figures.addAll(times.run(".tenRatings", TIMED_USERS, 10, rounds));
        figures.addAll(times.run(".noRatings", TIMED_USERS, 0, rounds));
        List.of(split, asAssumed, replay).forEach(contest -> figures.addAll(contest.figures()));
        figures.add(Figure.exact("replay.density", "", block.density()));
        return new Findings(
                ratings.dataset(),
                figures,
                List.of(
                        "ucb.us, thompson.us: one thread, k = 10, α = 1, " + CATALOGUE
                                + " items drawn with replacement from those trained on the set at rank " + TIMED_RANK
                                + ", each feature changed by 5% of itself; from a user's posterior to ten rows, the bound of the covariance, or the draw"
                                + " of weights, among it; users with all their ratings, ten of them, or none; everyVariance: the scan that computes all of"
                                + " them, whose ranking was the same to the bit",
                        "regret: of a user, by how much the labels to expect of what was chosen fall short of those of each round's best"
                                + " candidate, summed over all rounds, and for .early over the first tenth; .late: of a round of the last tenth;"
                                + " .lessThanGreedy: of greedy less that of the policy, paired by seed; means over "
                                + seeds + " seeds, with t-intervals",
                        "in each round a policy is offered candidates, the same for every policy, chooses one and learns its label by the learner"
                                + " that serves; ucb: score + α·√(fᵀCf); epsilon: the best, but with probability ε any; thompson: the best by weights drawn from"
                                + " the posterior; the numbers are α and ε; of equals the first",
                        "split: simulated; " + splitTaste.description(),
                        "asAssumed: the items of a version trained on the set without the users of the block ("
                                + ratings.training()
                                + "), users drawn from its prior, labels with its noise and the items' own; " + users
                                + " users, " + ROUNDS
                                + " rounds, " + CANDIDATES + " candidates each; labels are not clipped to the scale",
                        String.format(
                                Locale.ROOT,
                                "replay: the densest %d users by %d items of the set, %.1f%% of the cells rated; the users are not known to the"
                                        + " version; only what a user has rated is offered, dealt in a random order, %d a round and none twice, %d rounds;"
                                        + " regret is in labels as they were given; a seed deals anew, to the same users",
                                side,
                                side,
                                100 * block.density(),
                                HAND,
                                block.fewest() / HAND)));
    }
}
