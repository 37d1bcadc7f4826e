package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.coldstart.HiddenUsers;
import io.velox.bench.coldstart.NewUser;
import io.velox.bench.coldstart.PriorContest;
import io.velox.bench.coldstart.Start;
import io.velox.bench.data.KnownRatings;
import io.velox.bench.report.Dataset;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import io.velox.bench.training.TrainedFactors;
import io.velox.core.model.MatrixFactorModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The error for users whom no training has seen, after each of their first ratings, from each kind of prior. */
public final class ColdUsersBenchmark implements Benchmark {
    private static final int RANK = 20;
    private static final double SHARE = 0.1;
    private static final List<Integer> AFTER = List.of(0, 1, 2, 3, 5, 10, 20);
    private static final NewUser.Sizes SIZES = new NewUser.Sizes(20, 10, 50);

    @Override
    public String name() {
        return "cold-users";
    }

    @Override
    public String summary() {
        return "the error for new users after their first ratings, from each kind of prior";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        List<Figure> figures = new ArrayList<>();
        List<Dataset> datasets = new ArrayList<>();
        List<Plot> plots = new ArrayList<>();
        List<String> notes = new ArrayList<>(
                List.of(
                        "each seed hides a tenth of the users to judge by and another to choose by, and trains on all ratings of the others, by the"
                                + " process that Velox itself runs, with its polish; the three priors have the same items",
                        "a hidden user counts who has " + (SIZES.learnt() + SIZES.fewest())
                                + " ratings of items that the version knows; of these, in random order, the first "
                                + SIZES.learnt()
                                + " are learnt and the rest, at most " + SIZES.most()
                                + ", tested, the same after every number learnt; nothing is clipped",
                        "SET.PRIOR.rmse.N: over all tested ratings, with N ratings of each user learnt; means over seeds, with t-intervals",
                        "gaussian: the version's prior; mean: its mean, with one variance for all weights; zero: a mean of 0, with one variance; each at"
                                + " its best, of least squared error on the users to choose by: noises from a quarter to four times the version's, and for zero and"
                                + " mean variances from a quarter to 16 times that which a training takes for this kind;"
                                + " asServed: gaussian with the version's own noise, nothing chosen",
                        "SET.gap.PRIOR.N: RMSE of that prior less that of gaussian, paired by seed: above 0, gaussian is better; SET.worse: how many of"
                                + " these intervals of zero and mean lie below 0",
                        "ml-1m: " + KnownRatings.ML_1M_HALF
                                + "; ml-1m-biases: the same, with biases as the items' offsets, without which a zero prior knows not even the mean label"));
        Map<String, KnownRatings> sets = new LinkedHashMap<>();
        if (!setting.quick()) {
            KnownRatings ml1m =
                    KnownRatings.named(KnownRatings.ML_1M_HALF, setting).ofRank(RANK);
            sets.put("ml-1m", ml1m);
            sets.put("ml-1m-biases", ml1m.withItemBias());
            datasets.add(ml1m.dataset());
        }
        KnownRatings small = KnownRatings.named(KnownRatings.ML_SMALL, setting).ofRank(RANK);
        sets.put(KnownRatings.ML_SMALL, small);
        datasets.add(small.dataset());
        for (Map.Entry<String, KnownRatings> entry : sets.entrySet()) {
            String set = entry.getKey();
            KnownRatings ratings = entry.getValue();
            notes.add(set + ": " + ratings.training());
            PriorContest contest = new PriorContest(AFTER);
            for (int seed = 1; seed <= setting.choose(5, 2); seed++) {
                setting.say(set + ", seed " + seed);
                notes.add(set + ", seed " + seed + ": " + judge(contest, ratings, seed, setting));
            }
            figures.addAll(contest.figures(set));
            plots.add(contest.plot(set));
            plots.add(contest.gapPlot(set));
        }
        Plot.write(setting.results().resolve("cold-users.png"), plots);
        return new Findings(Dataset.all(datasets), figures, notes);
    }

    /** Trains without the users that a seed hides, and lets the priors compete on these. */
    private static String judge(PriorContest contest, KnownRatings ratings, int seed, Setting setting)
            throws Exception {
        HiddenUsers hidden = HiddenUsers.draw(ratings.table(), SHARE, seed);
        MatrixFactorModel model =
                TrainedFactors.train(ratings, hidden.all(), seed, setting).model();
        return contest.judge(
                new Start(model.prior(), model.noise()),
                split(model, ratings, hidden.validating(), seed),
                split(model, ratings, hidden.judged(), seed));
    }

    private static List<NewUser> split(MatrixFactorModel model, KnownRatings ratings, List<Integer> users, int seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        return users.stream()
                .flatMap(user -> NewUser.of(model, ratings.table(), user, SIZES, seeds.nextLong()).stream())
                .toList();
    }
}
