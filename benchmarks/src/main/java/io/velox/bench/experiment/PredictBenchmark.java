package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.KnownRatings;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.training.TrainedFactors;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.predict.Scoring;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The prediction of one item and of a hundred, as serving computes it, beside the bare arithmetic. */
public final class PredictBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final int RANK = 50;
    private static final int MANY = 100;

    @Override
    public String name() {
        return "predict";
    }

    @Override
    public String summary() {
        return "the prediction of one item and of a hundred, beside the bare arithmetic";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        String set = setting.choose(KnownRatings.ML_1M_HALF, KnownRatings.ML_SMALL);
        TrainedFactors trained = TrainedFactors.train(set, RANK, SEED, setting);
        ServiceTime service = new ServiceTime(trained, 500, SEED);
        FeaturesAtHand features = service.features();
        setting.say("predicting");
        int requests = setting.choose(200_000, 20_000);
        List<Histogram> one = service.compare(
                requests,
                1,
                List.of((user, items) -> Scoring.each(user, features, items), (user, items) -> trained.items()
                        .score(0, user.weights())));
        List<Histogram> many =
                service.compare(requests / 10, MANY, List.of((user, items) -> Scoring.each(user, features, items)));
        return new Findings(
                trained.ratings().dataset(),
                List.of(
                        Figure.of(
                                "predict.us",
                                "us",
                                Estimate.percentile(one.get(0), 50).times(1e-3)),
                        Figure.of(
                                "predict.p99us",
                                "us",
                                Estimate.percentile(one.get(0), 99).times(1e-3)),
                        Figure.of(
                                "predict.arithmetic.us",
                                "us",
                                Estimate.percentile(one.get(1), 50).times(1e-3)),
                        Figure.of(
                                "predict100.us",
                                "us",
                                Estimate.percentile(many.get(0), 50).times(1e-3))),
                List.of(
                        "one thread, d = " + RANK
                                + " and the constant 1; from the parsed request and the user's weights to scored items",
                        "arithmetic: one row of the table scored, the same row each time; times include reading the clock"));
    }
}
