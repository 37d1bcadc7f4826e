package io.velox.serving.predict;

import io.velox.core.model.Item;
import io.velox.serving.predict.ModelPredictions.Found;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Scores items as {@link Scorer#each} does, from kept predictions where that pays. Safe for use from any thread; nothing blocks. */
public record CachingScorer(Scorer scorer, PredictionCaches caches) {
    /** Of finding a prediction, and of keeping one, in multiplications and additions. */
    private static final long STEPS_TO_FIND = 200;

    private static final long STEPS_TO_KEEP = 1000;

    /**
     * Scores each of the items, in the order given. Nothing is kept of an answer that is degraded or that has learnt what a request
     * brought.
     *
     * @param uid empty for somebody who has no name
     */
    public <T> CompletableFuture<T> each(
            Optional<String> uid, Answering answering, List<Item> items, Function<Scoring, T> then) {
        Optional<ModelPredictions> kept =
                answering.isOfSession() || answering.degraded().isPresent()
                        ? Optional.empty()
                        : caches.of(answering.id().model());
        if (uid.isEmpty() || kept.isEmpty()) {
            return scorer.each(answering, items, then);
        }
        ModelPredictions predictions = kept.get();
        Function<Scoring, T> last = predictions.isMeasured(uid.get()) ? timed(predictions, uid.get(), then) : then;
        return predictions.usesCache(uid.get())
                ? cached(predictions, uid.get(), answering, items, last)
                : scorer.each(answering, items, last);
    }

    /** From now on until there are scores. */
    private <T> Function<Scoring, T> timed(ModelPredictions predictions, String uid, Function<Scoring, T> then) {
        long start = caches.nanoTime();
        return scoring -> {
            predictions.took(uid, caches.nanoTime() - start);
            return then.apply(scoring);
        };
    }

    private <T> CompletableFuture<T> cached(
            ModelPredictions predictions,
            String uid,
            Answering answering,
            List<Item> items,
            Function<Scoring, T> then) {
        return scorer.cpu()
                .compute(STEPS_TO_FIND * items.size(), () -> predictions.find(answering, uid, items))
                .thenCompose(found -> found.missing().isEmpty()
                        ? scorer.cpu()
                                .compute(
                                        Scorer.STEPS_TO_WRITE * items.size(),
                                        () -> then.apply(ModelPredictions.scoring(items, found)))
                        : completed(predictions, uid, answering, items, found, then));
    }

    private <T> CompletableFuture<T> completed(
            ModelPredictions predictions,
            String uid,
            Answering answering,
            List<Item> items,
            Found found,
            Function<Scoring, T> then) {
        long start = caches.nanoTime();
        long steps = STEPS_TO_KEEP * found.missing().size() + Scorer.STEPS_TO_WRITE * items.size();
        return scorer.scored(answering, found.missing(), steps, features -> {
            Scoring scoring = predictions.complete(answering, uid, items, found, features);
            predictions.loaded(caches.nanoTime() - start);
            return then.apply(scoring);
        });
    }
}
