package io.velox.serving.predict;

import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.MaximalMarginalRelevance;
import io.velox.core.topk.Wanted;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.StoredFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
                            .flatMap(scored -> features.features(scored.item()).stream()
                                    .map(of -> known.detailed(scored, of, details)))
                            .toList(); // without provisional items that have gone meanwhile
                    return then.apply(new Scoring(detailed, scoring.unknown()));
                }));
    }

    /** Ranks those of the items that the choice admits; see {@link Scoring#bestOf}. */
    public <T> CompletableFuture<T> bestOf(
            Answering answering, List<Item> items, Choice choice, Function<Scoring, T> then) {
        long steps = items.size() * (answering.weights().length + STEPS_TO_SORT + STEPS_TO_WRITE)
                + STEPS_TO_WRITE * Math.min(choice.k(), items.size());
        return cpu.compute(STEPS_TO_FIND * items.size(), () -> choice.passing(answering, items))
                .thenCompose(candidates -> gather(answering, candidates)
                        .thenCompose(features -> cpu.compute(
                                steps,
                                () -> then.apply(Scoring.bestOf(
                                        answering, features, candidates, choice.k(), choice.excluded())))));
    }

    /**
     * Ranks everything that the version knows or guesses, and the choice admits; see {@link CatalogueRanking}. Of a version whose table stays
     * in the store, few items are read from there, and for many the whole table is streamed.
     */
    public <T> CompletableFuture<T> bestOfCatalogue(Answering answering, Choice choice, Function<Scoring, T> then) {
        if (answering.version().features() instanceof StoredFeatures stored) {
            return choice.few(answering)
                    .map(few -> bestOf(
                            answering, few, choice, scoring -> then.apply(new Scoring(scoring.items(), List.of()))))
                    .orElseGet(() -> streamed(answering, stored, choice, then));
        }
        CatalogueIndex catalogue = Scoring.catalogue(answering);
        long candidates = catalogue.table().size();
        candidates += answering.version().items().provisional().size();
        long steps = candidates * answering.weights().length / STEPS_AT_ONCE
                + STEPS_TO_WRITE * Math.min(choice.k(), candidates);
        if (CpuPool.isLittle(steps) || !choice.filter().isEmpty()) {
            return cpu.compute(steps, () -> then.apply(CatalogueRanking.best(answering, choice)));
        }
        Wanted wanted = new Wanted(answering.weights(), choice.k(), Scoring.rows(catalogue.table(), choice.excluded()));
        return passes.best(catalogue, wanted).thenApply(ranking -> {
            Scoring known = Scoring.of(answering, catalogue.table(), ranking, List.of());
            return then.apply(CatalogueRanking.withProvisional(answering, known, choice));
        });
    }

    private static <T> CompletableFuture<T> streamed(
            Answering answering, StoredFeatures stored, Choice choice, Function<Scoring, T> then) {
        StreamedRanking ranking = new StreamedRanking(
                row -> row.score(answering.weights()), choice.k(), item -> choice.admits(answering, item));
        return stored.scan(ranking).thenApply(done -> {
            Scoring scoring = ranking.scoring();
            scoring.items().forEach(item -> answering.finite(item.score()));
            return then.apply(CatalogueRanking.withProvisional(answering, scoring, choice));
        });
    }

    /** A varied choice of k of the best, which are scored already; see {@link MaximalMarginalRelevance}. */
    public CompletableFuture<Scoring> varied(Answering answering, Scoring best, int k, double diversity) {
        List<Item> items = best.items().stream().map(ScoredItem::item).toList();
        long steps = (long) k * items.size() * answering.weights().length;
        return gather(answering, items)
                .thenCompose(features -> cpu.compute(steps, () -> varied(best, features, k, diversity)));
    }

    /** A provisional item may have gone meanwhile, and is left out. */
    private static Scoring varied(Scoring best, FeaturesAtHand features, int k, double diversity) {
        List<ScoredItem> items = new ArrayList<>();
        List<double[]> vectors = new ArrayList<>();
        for (ScoredItem scored : best.items()) {
            features.features(scored.item()).ifPresent(found -> {
                items.add(scored);
                vectors.add(found.values());
            });
        }
        int[] places = MaximalMarginalRelevance.choose(
                items.stream().mapToDouble(ScoredItem::score).toArray(), vectors, k, diversity);
        return new Scoring(Arrays.stream(places).mapToObj(items::get).toList(), best.unknown());
    }

    private CompletableFuture<FeaturesAtHand> gather(Answering answering, List<Item> items) {
        return cpu.compute(STEPS_TO_FIND * items.size(), () -> items)
                .thenCompose(these -> answering.version().gather(these));
    }
}
