package io.velox.serving.predict;

import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.MaximalMarginalRelevance;
import io.velox.core.topk.Wanted;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.StoredFeatures;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Scores items for one user in the one version that answers: the features are gathered first, of that version alone, and nothing
 * blocks. Each method takes what is to be made of the scores, which is computed where the scores are. Safe for use from any thread.
 */
public final class Scorer {
    /** Of finding an item's features and of writing its score, in multiplications and additions. */
    private static final long STEPS_TO_FIND = 100;

    static final long STEPS_TO_WRITE = 300;
    private static final long STEPS_TO_SORT = 100;

    /** Of computing one of an item's features from its data. */
    private static final long STEPS_TO_PARSE = 50;

    private final CpuPool cpu;
    private final SharedPasses passes;

    public Scorer(CpuPool cpu) {
        this.cpu = cpu;
        this.passes = new SharedPasses(cpu);
    }

    /** Where scores are computed. */
    public CpuPool cpu() {
        return cpu;
    }

    /** Scores each of the items, in the order given. */
    public <T> CompletableFuture<T> each(Answering answering, List<Item> items, Function<Scoring, T> then) {
        return scored(
                answering,
                items,
                STEPS_TO_WRITE * items.size(),
                features -> then.apply(Scoring.each(answering, features, items)));
    }

    /**
     * Does something with the features of each of the items, among it to score them.
     *
     * @param others steps of what else it does
     */
    <T> CompletableFuture<T> scored(
            Answering answering, List<Item> items, long others, Function<FeaturesAtHand, T> computation) {
        long steps = items.size() * stepsToScore(answering) + others;
        return gather(answering, items).thenCompose(features -> cpu.compute(steps, () -> computation.apply(features)));
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

    /** Ranks those of the items that the choice admits; see {@link Scoring#bestOf}. */
    public CompletableFuture<Scoring> bestOf(Answering answering, List<Item> items, Choice choice) {
        long steps = items.size() * (stepsToScore(answering) + STEPS_TO_SORT)
                + STEPS_TO_WRITE * Math.min(choice.k(), items.size());
        return candidates(
                answering,
                items,
                choice,
                steps,
                (candidates, features) ->
                        Scoring.bestOf(answering, features, candidates, choice.k(), choice.excluded()));
    }

    /**
     * Does something with those of the items that a filter lets pass, and their features.
     *
     * @param steps that it takes
     */
    public CompletableFuture<Scoring> candidates(
            Answering answering,
            List<Item> items,
            Choice choice,
            long steps,
            BiFunction<List<Item>, FeaturesAtHand, Scoring> computation) {
        return cpu.compute(STEPS_TO_FIND * items.size(), () -> choice.passing(answering, items))
                .thenCompose(candidates -> gather(answering, candidates)
                        .thenCompose(features -> cpu.compute(steps, () -> computation.apply(candidates, features))));
    }

    /**
     * Ranks everything that the version knows or guesses, and the choice admits; see {@link CatalogueRanking}. Of a version whose table stays in the
     * store, few items are read from there, and for many the whole table is streamed.
     */
    public CompletableFuture<Scoring> bestOfCatalogue(Answering answering, Choice choice) {
        if (answering.version().features() instanceof StoredFeatures stored) {
            return ofStored(answering, stored, choice);
        }
        CatalogueIndex catalogue = Scoring.catalogue(answering);
        long candidates = (long) catalogue.table().size()
                + answering.version().items().provisional().size();
        long steps = CpuPool.stepsOfScan(candidates, answering.weights().length)
                + STEPS_TO_WRITE * Math.min(choice.k(), candidates);
        if (CpuPool.isLittle(steps) || !choice.filter().isEmpty()) {
            return cpu.compute(steps, () -> CatalogueRanking.best(answering, choice));
        }
        Wanted wanted = new Wanted(answering.weights(), choice.k(), Scoring.rows(catalogue.table(), choice.excluded()));
        return passes.best(catalogue, wanted)
                .thenApply(ranking -> CatalogueRanking.withProvisional(
                        answering, Scoring.of(answering, catalogue.table(), ranking, List.of()), choice));
    }

    private CompletableFuture<Scoring> ofStored(Answering answering, StoredFeatures stored, Choice choice) {
        Optional<List<Item>> few = choice.few(answering);
        if (few.isPresent()) {
            return bestOf(answering, few.get(), choice).thenApply(scoring -> new Scoring(scoring.items(), List.of()));
        }
        StreamedRanking ranking = new StreamedRanking(
                row -> row.score(answering.weights()), choice.k(), item -> choice.admits(answering, item));
        return stored.scan(ranking).thenApply(done -> {
            Scoring scoring = ranking.scoring();
            scoring.items().forEach(item -> answering.finite(item.score()));
            return CatalogueRanking.withProvisional(answering, scoring, choice);
        });
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

    private static long stepsToScore(Answering answering) {
        long d = answering.weights().length;
        return answering.version().model().isMaterialized() ? d : STEPS_TO_PARSE * d;
    }

    private CompletableFuture<FeaturesAtHand> gather(Answering answering, List<Item> items) {
        return cpu.compute(STEPS_TO_FIND * items.size(), () -> items)
                .thenCompose(these -> answering.version().gather(these));
    }
}
