package io.velox.serving.explore;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import io.velox.serving.features.StoredFeatures;
import io.velox.serving.items.Provisional;
import io.velox.serving.items.VersionItems;
import io.velox.serving.predict.Answering;
import io.velox.serving.predict.Choice;
import io.velox.serving.predict.CpuPool;
import io.velox.serving.predict.Known;
import io.velox.serving.predict.ScoredItem;
import io.velox.serving.predict.Scorer;
import io.velox.serving.predict.Scoring;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Lists by a policy of exploration, of the whole catalogue or of given items. Safe for use from any thread; nothing blocks.
 *
 * @param random called for a generator on the thread that computes
 */
public record Exploring(Scorer scorer, Supplier<RandomGenerator> random) {
    /** Of an exact variance, or of a scan that passes over most blocks: multiplications and additions for one dimension. */
    private static final long STEPS_OF_DIMENSION = 300;

    /**
     * For whom and of what a list is.
     *
     * @param known of the user, where the policy needs it
     * @param items to choose from; empty for the whole catalogue
     * @param choice what may be in it, and how many
     */
    public record Task(
            Exploration exploration,
            Answering answering,
            Optional<Known> known,
            Optional<List<Item>> items,
            Choice choice) {}

    /**
     * At most k items, the first to be shown first.
     *
     * <p>Fails with {@code INVALID_REQUEST} where the whole catalogue is asked for and is not in memory.
     */
    public CompletableFuture<Scoring> choose(Task task) {
        return task.items.map(items -> ofGiven(task, items)).orElseGet(() -> ofCatalogue(task));
    }

    private CompletableFuture<Scoring> ofGiven(Task task, List<Item> items) {
        return scorer.candidates(task.answering, items, task.choice, steps(task, items.size()), (passing, features) -> {
            GivenCandidates candidates = GivenCandidates.of(passing, features, task.choice.excluded());
            return new Scoring(choose(task, candidates), candidates.unknown());
        });
    }

    private CompletableFuture<Scoring> ofCatalogue(Task task) {
        if (task.answering.version().features() instanceof StoredFeatures) {
            return CompletableFuture.failedFuture(VeloxException.ofField(
                    ErrorCode.INVALID_REQUEST,
                    "items",
                    "items must be given with explore, because the catalogue of " + task.answering.id()
                            + " is larger than serving.feature-memory-kib and not in this node's memory"));
        }
        CatalogueIndex catalogue = Scoring.catalogue(task.answering);
        VersionItems items = task.answering.version().items();
        Provisional provisional = items.provisional();
        int size = catalogue.table().size() + provisional.size();
        return scorer.cpu().compute(steps(task, size), () -> {
            Candidates known = new CatalogueCandidates(
                    catalogue,
                    task.choice.barred(catalogue, items::passing),
                    () -> task.known.orElseThrow().width(catalogue),
                    false);
            return new Scoring(
                    choose(task, provisional.isEmpty() ? known : new JoinedCandidates(known, of(task, provisional))),
                    List.of());
        });
    }

    private static Candidates of(Task task, Provisional provisional) {
        return new CatalogueCandidates(
                provisional.catalogue(),
                task.choice.barred(provisional.catalogue(), provisional::passing),
                () -> provisional
                        .catalogue()
                        .widthBound(task.known.orElseThrow().posterior().learner()),
                true);
    }

    private List<ScoredItem> choose(Task task, Candidates candidates) {
        Explorer explorer = new Explorer(
                task.answering.weights(),
                task.known.map(known -> known.posterior().learner()),
                random.get());
        return explorer.choose(task.exploration, candidates, task.choice.k());
    }

    private static long steps(Task task, int candidates) {
        long d = task.answering.weights().length;
        long scan = CpuPool.stepsOfScan(candidates, task.answering.weights().length);
        if (task.exploration instanceof Exploration.Thompson thompson) {
            return scan * (2L + thompson.draws());
        }
        return task.exploration.needsPosterior() ? 2 * scan + d * d * STEPS_OF_DIMENSION : scan;
    }
}
