package io.velox.retrain;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.store.SearchTrial;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries combinations of hyperparameters, each as a version would be trained with it, and chooses the one of least error. What judges
 * them are validation ratings: a part of the ratings that train the version, none of those that judge it. A few are tried at a time.
 */
final class HyperparameterSearch {
    private static final Logger log = LoggerFactory.getLogger(HyperparameterSearch.class);
    private static final int MAX_AT_A_TIME = 4;

    /** Makes the validation ratings others than those that a version with the same seed holds out. */
    private static final long SEED_OF_VALIDATION = 0x5bd1e995;

    private final int parallelism;
    private final RatingsReader.Ratings ratings;
    private final Function<Hyperparameters, TrainingMethod> methods;

    /**
     * A search over some ratings.
     *
     * @param parallelism how many may be tried at a time; no more than {@value #MAX_AT_A_TIME} are
     * @param methods how a version is trained with a combination
     */
    HyperparameterSearch(
            int parallelism, RatingsReader.Ratings ratings, Function<Hyperparameters, TrainingMethod> methods) {
        this.parallelism = parallelism;
        this.ratings = ratings;
        this.methods = methods;
    }

    record Outcome(Hyperparameters chosen, List<SearchTrial> trials) {}

    /** What a trial gave: an error, or why there is none. */
    private record Try(@Nullable Double rmse, @Nullable String failure, double seconds) {}

    /**
     * Searches; one combination that fails does not end it.
     *
     * @param candidates at least one; they have the same seed and held-out share
     * @throws VeloxException if all of them fail
     */
    Outcome run(List<Hyperparameters> candidates) throws InterruptedException {
        JavaRDD<HeldOutSplit.Parts> parts = validation(candidates.get(0));
        int atATime = Math.min(Math.min(MAX_AT_A_TIME, parallelism), candidates.size());
        ExecutorService pool = Executors.newFixedThreadPool(atATime, task -> new Thread(task, "hyperparameter-search"));
        try {
            List<Callable<Try>> tasks = new ArrayList<>();
            candidates.forEach(candidate -> tasks.add(() -> attempt(candidate, parts)));
            List<Try> tries = new ArrayList<>();
            for (Future<Try> done : pool.invokeAll(tasks)) {
                tries.add(done.get());
            }
            return outcome(candidates, tries);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the search broke off", e.getCause());
        } finally {
            pool.shutdownNow();
            parts.unpersist(false);
        }
    }

    private JavaRDD<HeldOutSplit.Parts> validation(Hyperparameters any) {
        HeldOutSplit heldOut = any.split();
        HeldOutSplit validation = new HeldOutSplit(any.heldOut(), any.seed() ^ SEED_OF_VALIDATION);
        var dictionary = ratings.shared();
        return ratings.users()
                .map(user ->
                        validation.split(heldOut.split(user, dictionary.value()).training(), dictionary.value()))
                .persist(StorageLevel.MEMORY_AND_DISK());
    }

    private Try attempt(Hyperparameters candidate, JavaRDD<HeldOutSplit.Parts> parts) {
        Stopwatch watch = new Stopwatch();
        Try result;
        try {
            Judgement judgement = methods.apply(candidate).judge(parts);
            judgement.served().items().destroy();
            Double rmse = judgement.metrics().get("heldOutRmse");
            result = rmse != null && Double.isFinite(rmse)
                    ? new Try(rmse, null, watch.lap())
                    : new Try(
                            null,
                            rmse == null ? "there was no rating to validate it on" : "its error is " + rmse,
                            watch.lap());
        } catch (Exception e) { // whatever one combination does to Spark, the others can be tried
            log.warn("search: {} failed", candidate, e);
            result = new Try(null, Reason.of(e), watch.lap());
        }
        log.info("search: {} gives {}", candidate, result);
        return result;
    }

    private static Outcome outcome(List<Hyperparameters> candidates, List<Try> tries) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < tries.size(); i++) {
            Double rmse = tries.get(i).rmse();
            if (rmse != null && rmse < least) {
                least = rmse;
                best = i;
            }
        }
        if (best < 0) {
            throw new VeloxException(
                    ErrorCode.INVALID_REQUEST,
                    "no combination of the search gave a version; the first: "
                            + tries.get(0).failure());
        }
        List<SearchTrial> trials = new ArrayList<>();
        for (int i = 0; i < tries.size(); i++) {
            Try result = tries.get(i);
            trials.add(new SearchTrial(
                    searched(candidates.get(i)), result.rmse(), result.seconds(), result.failure(), i == best));
        }
        return new Outcome(candidates.get(best), trials);
    }

    private static SortedMap<String, String> searched(Hyperparameters candidate) {
        SortedMap<String, String> all = candidate.asText();
        SortedMap<String, String> searched = new TreeMap<>();
        for (String name : List.of("rank", "regularization", "iterations", "itemBias")) {
            searched.put(name, all.get(name));
        }
        return searched;
    }
}
