package io.velox.serving.predict;

import io.velox.core.model.Item;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.StoredFeatures;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Scores items for one user in the one version that answers: the features are gathered first, of that version alone, and nothing
 * blocks. Each method takes what is to be made of the scores, which is computed where the scores are. Safe for use from any thread.
 */
public record Scorer(CpuPool cpu) {
    /** Of finding an item's features and of writing its score, in multiplications and additions. */
    private static final long STEPS_TO_FIND = 100;

    /** Multiplications and additions that a scan of the whole catalogue does in the time of one. */
    private static final long STEPS_AT_ONCE = 8;

    static final long STEPS_TO_WRITE = 300;
    private static final long STEPS_TO_SORT = 100;

    /** Of computing one of an item's features from its data. */
    private static final long STEPS_TO_PARSE = 50;

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

    /** Ranks the items; see {@link Scoring#bestOf}. */
    public <T> CompletableFuture<T> bestOf(
            Answering answering, List<Item> items, int k, Set<Item> excluded, Function<Scoring, T> then) {
        long steps =
                items.size() * (stepsToScore(answering) + STEPS_TO_SORT) + STEPS_TO_WRITE * Math.min(k, items.size());
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
            StreamedRanking ranking = new StreamedRanking(answering, k, excluded);
            return stored.scan(ranking).thenApply(done -> then.apply(ranking.scoring()));
        }
        long candidates = Scoring.catalogue(answering).table().size();
        long steps = candidates * answering.weights().length / STEPS_AT_ONCE + STEPS_TO_WRITE * Math.min(k, candidates);
        return cpu.compute(steps, () -> then.apply(Scoring.bestOfCatalogue(answering, k, excluded)));
    }

    private static long stepsToScore(Answering answering) {
        long d = answering.weights().length;
        return answering.version().model().isMaterialized() ? d : STEPS_TO_PARSE * d;
    }

    private CompletableFuture<FeaturesAtHand> gather(Answering answering, List<Item> items) {
        return cpu.compute(STEPS_TO_FIND * items.size(), () -> items)
                .thenCompose(these -> answering.version().features().gather(these));
    }
}
