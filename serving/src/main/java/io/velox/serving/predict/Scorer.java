package io.velox.serving.predict;

import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.MaximalMarginalRelevance;
import io.velox.core.topk.Wanted;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.StoredFeatures;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Scores items for one user in the one version that answers: the features are gathered first, of that version alone, and nothing
 * blocks. Each method takes what is to be made of the scores, which is computed where the scores are. Safe for use from any thread.
 */
public final class Scorer {
    /** Of finding an item's features and of writing its score, in multiplications and additions. */
    private static final long STEPS_TO_FIND = 100;

    /** Multiplications and additions that a scan of the whole catalogue does in the time of one. */
    private static final long STEPS_AT_ONCE = 8;

    private static final long STEPS_TO_WRITE = 300;
    private static final long STEPS_TO_SORT = 200;

    private final CpuPool cpu;
    private final SharedPasses passes;

    public Scorer(CpuPool cpu) {
        this.cpu = cpu;
        this.passes = new SharedPasses(cpu);
    }

    /** Scores each of the items, in the order given. */
    public <T> CompletableFuture<T> each(Answering answering, List<Item> items, Function<Scoring, T> then) {
        long steps = items.size() * (answering.weights().length + STEPS_TO_WRITE);
        return gather(answering, items)
                .thenCompose(
                        features -> cpu.compute(steps, () -> then.apply(Scoring.each(answering, features, items))));
    }

    /** The same scores with what else is to be said of them. */
    public <T> CompletableFuture<T> detailed(Known known, Scoring scoring, Details details, Function<Scoring, T> then) {
        List<Item> items = scoring.items().stream().map(ScoredItem::item).toList();
        long d = known.answering().weights().length;
        long steps = items.size() * (d * (d + known.posterior().known()) + STEPS_TO_WRITE);
        return gather(known.answering(), items)
                .thenCompose(features -> cpu.compute(steps, () -> {
                    List<ScoredItem> detailed = scoring.items().stream()
                            .map(scored -> known.detailed(
                                    scored, features.features(scored.item()).orElseThrow(), details))
                            .toList();
                    return then.apply(new Scoring(detailed, scoring.unknown()));
                }));
    }

    /** Ranks the items; see {@link Scoring#bestOf}. */
    public <T> CompletableFuture<T> bestOf(
            Answering answering, List<Item> items, int k, Set<Item> excluded, Function<Scoring, T> then) {
        long steps = items.size() * (answering.weights().length + STEPS_TO_SORT + STEPS_TO_WRITE)
                + STEPS_TO_WRITE * Math.min(k, items.size());
        return gather(answering, items)
                .thenCompose(features ->
                        cpu.compute(steps, () -> then.apply(Scoring.bestOf(answering, features, items, k, excluded))));
    }

    /**
     * Ranks everything that the version knows; see {@link Scoring#bestOfCatalogue}. Of a version whose table stays in the store, the
     * whole table is streamed from there.
     */
    public <T> CompletableFuture<T> bestOfCatalogue(
            Answering answering, int k, Set<Item> excluded, Function<Scoring, T> then) {
        if (answering.version().features() instanceof StoredFeatures stored) {
            StreamedRanking ranking = new StreamedRanking(row -> row.score(answering.weights()), k, excluded);
            return stored.scan(ranking).thenApply(done -> {
                Scoring scoring = ranking.scoring();
                scoring.items().forEach(item -> answering.finite(item.score()));
                return then.apply(scoring);
            });
        }
        CatalogueIndex catalogue = Scoring.catalogue(answering);
        long candidates = catalogue.table().size();
        long steps = candidates * answering.weights().length / STEPS_AT_ONCE + STEPS_TO_WRITE * Math.min(k, candidates);
        if (CpuPool.isLittle(steps)) {
            return cpu.compute(steps, () -> then.apply(Scoring.bestOfCatalogue(answering, k, excluded)));
        }
        Wanted wanted = new Wanted(answering.weights(), k, Scoring.rows(catalogue.table(), excluded));
        return passes.best(catalogue, wanted)
                .thenApply(ranking -> then.apply(Scoring.of(answering, catalogue.table(), ranking, List.of())));
    }

    /** A varied choice of k of the best, which are scored already; see {@link MaximalMarginalRelevance}. */
    public CompletableFuture<Scoring> varied(Answering answering, Scoring best, int k, double diversity) {
        List<Item> items = best.items().stream().map(ScoredItem::item).toList();
        long steps = (long) k * items.size() * answering.weights().length;
        return gather(answering, items)
                .thenCompose(features -> cpu.compute(steps, () -> {
                    int[] places = MaximalMarginalRelevance.choose(
                            best.items().stream().mapToDouble(ScoredItem::score).toArray(),
                            items.stream()
                                    .map(item -> features.features(item)
                                            .orElseThrow()
                                            .values())
                                    .toList(),
                            k,
                            diversity);
                    return new Scoring(
                            Arrays.stream(places).mapToObj(best.items()::get).toList(), best.unknown());
                }));
    }

    private CompletableFuture<FeaturesAtHand> gather(Answering answering, List<Item> items) {
        return cpu.compute(STEPS_TO_FIND * items.size(), () -> items)
                .thenCompose(these -> answering.version().features().gather(these));
    }
}
