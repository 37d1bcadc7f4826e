package io.velox.bench.experiment;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.data.KnownRatings;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.training.TrainedFactors;
import io.velox.core.model.Item;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.predict.Answering;
import io.velox.serving.predict.ScoredItem;
import io.velox.serving.predict.Scoring;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** The best ten of a thousand given items, as serving computes them, beside scoring each and sorting. */
public final class TopKSetBenchmark implements Benchmark {
    private static final long SEED = 42;
    private static final int RANK = 50;
    private static final int GIVEN = 1000;
    private static final int K = 10;

    @Override
    public String name() {
        return "topk-set";
    }

    @Override
    public String summary() {
        return "the best ten of a thousand given items, beside scoring each and sorting";
    }

    @Override
    public Findings run(Setting setting) throws Exception {
        String set = setting.choose(KnownRatings.ML_1M_HALF, KnownRatings.ML_SMALL);
        TrainedFactors trained = TrainedFactors.train(set, RANK, SEED, setting);
        setting.say("ranking " + GIVEN + " given items");
        ServiceTime service = new ServiceTime(trained, 500, SEED);
        FeaturesAtHand features = service.features();
        List<Histogram> nanos = service.compare(
                setting.choose(20_000, 2_000),
                GIVEN,
                List.of(
                        (user, items) -> Scoring.bestOf(user, features, items, K, Set.of()),
                        (user, items) -> sorted(user, features, items)));
        Histogram ours = nanos.get(0);
        return new Findings(
                trained.ratings().dataset(),
                List.of(
                        Figure.of(
                                "set1000.us",
                                "us",
                                Estimate.percentile(ours, 50).times(1e-3)),
                        Figure.of(
                                "set1000.p99us",
                                "us",
                                Estimate.percentile(ours, 99).times(1e-3)),
                        Figure.of(
                                "set1000.sort.us",
                                "us",
                                Estimate.percentile(nanos.get(1), 50).times(1e-3)),
                        Figure.of(
                                "set1000.sort.p99us",
                                "us",
                                Estimate.percentile(nanos.get(1), 99).times(1e-3))),
                List.of(
                        "one thread, k = 10, d = " + RANK + " and the constant 1, "
                                + trained.items().size()
                                + " items in the table; from the parsed request and the user's weights to ten scored items",
                        "sort: each item scored, all sorted; both rank the same items before the next request"));
    }

    private static List<ScoredItem> sorted(Answering user, FeaturesAtHand features, List<Item> items) {
        return Scoring.each(user, features, items).items().stream()
                .sorted(Comparator.comparingDouble(ScoredItem::score).reversed().thenComparing(ScoredItem::item))
                .limit(K)
                .toList();
    }
}
