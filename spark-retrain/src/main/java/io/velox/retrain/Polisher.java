package io.velox.retrain;

import io.velox.core.model.PriorKind;
import io.velox.retrain.RatingSums.PriorPrecision;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Does the variational passes of a training, and makes of their result what is served. */
final class Polisher {
    private final JavaSparkContext context;
    private final Hyperparameters hyperparameters;
    private final ItemLayout layout;

    Polisher(JavaSparkContext context, Hyperparameters hyperparameters, int itemCount) {
        this.context = context;
        this.hyperparameters = hyperparameters;
        this.layout = ItemLayout.of(itemCount, hyperparameters.rank(), context.defaultParallelism());
    }

    ItemLayout layout() {
        return layout;
    }

    /**
     * As many passes as held-out ratings find best.
     *
     * @param parts whose held-out ratings decide
     */
    PolishRun whileBetter(JavaRDD<HeldOutSplit.Parts> parts, PolishState start, long ratings) {
        try (Polish polish = new Polish(context, parts, layout, ratings)) {
            return PolishRun.whileBetter(polish, start, hyperparameters.polish());
        }
    }

    PolishRun fixed(JavaRDD<HeldOutSplit.Parts> parts, PolishState start, long ratings, int passes) {
        try (Polish polish = new Polish(context, parts, layout, ratings)) {
            return PolishRun.fixed(polish, start, passes);
        }
    }

    /** What is served after passes, with the noise that they estimated. */
    Served served(PolishState state) {
        double globalMean = state.parameters().globalMean();
        double[] user = VectorPosterior.of(state.parameters().users()).moments();
        int rank = layout.rank();
        List<Rows> rows = state.items()
                .map(block -> Rows.of(block, rank, globalMean, user))
                .collect();
        float[] offsets = new float[layout.itemCount()];
        ItemTable table = new ItemTable(rank, new Offsets(offsets, false));
        for (Rows block : rows) {
            for (int i = 0; i < block.items.length; i++) {
                offsets[block.items[i]] = block.offsets[i];
                table.put(block.items[i], block.factors[i], block.noises[i]);
            }
        }
        return new Served(
                context.broadcast(table),
                PriorEstimate.of(hyperparameters.prior(), state.parameters().raters()),
                NoiseChoice.ofPolish(state.parameters().noise()));
    }

    /** The same items under the noise that is best on held-out ratings, if there are enough of them. */
    Served withNoise(Served served, JavaRDD<HeldOutSplit.Parts> parts, HeldOutSplit split, long ratings) {
        HeldOutErrors errors = served.errors(parts);
        if (errors.ratings() < NoiseChoice.MIN_HELD_OUT) {
            return served;
        }
        double[] candidates = hyperparameters.prior() == PriorKind.GAUSSIAN
                ? NoiseChoice.candidatesAbove(served.noise().noise())
                : NoiseChoice.candidates(errors.rmsePrior() * errors.rmsePrior());
        return new Served(
                served.items(),
                served.prior(),
                NoiseSearch.choose(parts, split, served.items(), served.prior(), candidates, ratings));
    }

    /** Does the passes that were judged to be best over all ratings. */
    Trained train(
            JavaRDD<UserRatings> users,
            PolishState start,
            long ratings,
            Judgement judgement,
            SortedMap<String, Double> metrics) {
        JavaRDD<HeldOutSplit.Parts> parts = users.map(HeldOutSplit.Parts::allTraining);
        PolishRun run = fixed(parts, start, ratings, judgement.passes());
        metrics.put("polishPasses", (double) run.passes());
        metrics.put("polishSecondsPerPass", run.seconds() / run.passes());
        Served polished = served(run.state());
        NoiseChoice judged = judgement.served().noise();
        Served served = judged.isSettled() ? new Served(polished.items(), polished.prior(), judged) : polished;
        return new Trained(served, Optional.of(run.state()), weights(served), metrics);
    }

    /** The weights that a version with these items gives a user: those that it serves. */
    private static Trained.UserRule weights(Served served) {
        PriorPrecision prior = PriorPrecision.of(served.prior());
        Broadcast<ItemTable> items = served.items();
        double noise = served.noise().noise();
        return ratings -> OfflineWeights.ofRidge(ratings, items.value(), prior, noise);
    }

    /** A block as it is served. */
    @SuppressWarnings("ArrayRecordComponent") // only carried to the driver
    private record Rows(int[] items, float[][] factors, float[] offsets, float[] noises) implements Serializable {
        static Rows of(ItemBlock block, int rank, double globalMean, double[] user) {
            int n = block.items().length;
            Rows rows = new Rows(block.items(), new float[n][rank], new float[n], new float[n]);
            for (int i = 0; i < n; i++) {
                VectorPosterior posterior = block.posteriors()[i];
                int row = i;
                IntStream.range(0, rank)
                        .forEach(j -> rows.factors[row][j] = (float) posterior.mean()[j]);
                rows.offsets[i] = (float) (globalMean + posterior.mean()[rank]);
                rows.noises[i] = (float) posterior.variance(user);
            }
            return rows;
        }
    }
}
