package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.KnownRatings;
import io.velox.bench.report.Figure;
import io.velox.bench.training.TrainedFactors;
import java.util.ArrayList;
import java.util.List;

/** The best ten of a whole catalogue, by the index that serves, by a plain scan, and by JBLAS. */
public final class TopKBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final int RANK = 50;
    private static final int MOVIELENS_10M = 10_677;
    private static final int MILLION = 1_000_000;
    private static final int USERS = 500;
    private static final int USERS_OF_MILLION = 20;

    @Override
    public String name() {
        return "topk";
    }

    @Override
    public String summary() {
        return "the best ten of a whole catalogue, beside a plain scan and JBLAS";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        String set = setting.choose(KnownRatings.ML_1M_HALF, KnownRatings.ML_SMALL);
        TrainedFactors trained = TrainedFactors.train(set, RANK, SEED, setting);
        List<double[]> users = trained.users();
        setting.say("ranking " + MOVIELENS_10M + " items for " + USERS + " users");
        List<Figure> figures = new ArrayList<>(
                new TopKContest(trained.resampled(MOVIELENS_10M, SEED), users.subList(0, Math.min(USERS, users.size())))
                        .run("catalogue", setting.choose(20, 5), "us", 1e3));
        setting.say("ranking " + MILLION + " items for " + USERS_OF_MILLION + " users");
        figures.addAll(new TopKContest(trained.resampled(MILLION, SEED), users.subList(0, USERS_OF_MILLION))
                .run("million", setting.choose(10, 3), "ms", 1e6));
        return new Findings(
                trained.ratings().dataset(),
                figures,
                List.of(
                        "one thread, k = 10, d = " + RANK
                                + " and the constant 1; service time of one ranking, from the user's weights to the"
                                + " ten rows and scores",
                        "factors and users as trained on the set ("
                                + trained.ratings().training()
                                + "); the catalogues are drawn from the trained items with replacement, each feature changed by 5% of itself",
                        "scan: row by row in double with the same heap; jblas: sgemv over the whole matrix and the same heap, scores in float",
                        "every ranking of the index was equal to the scan's, to the bit",
                        "timesFasterThan: median over rounds of the ratio of the rounds' medians; blocksSkipped: share of blocks that the"
                                + " bounds ruled out, mean over users; timesFasterTogether: sixteen users in one pass, beside one after the other"));
    }
}
