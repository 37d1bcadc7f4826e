package io.velox.retrain;

import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.Prior;
import io.velox.core.model.PriorKind;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** From where the passes start after ALS: its item factors, nearly certain; its users' and items' moments as priors. */
final class PolishStart {
    /** The variance of an item's vector at the start, as a share of that among items. */
    private static final double VARIANCE_SHARE = 0.01;

    private PolishStart() {}

    static PolishState ofAls(JavaSparkContext context, Factorization.Result als, double noise, ItemLayout layout) {
        double globalMean = als.globalMean();
        Prior items = items(als.items().value(), globalMean);
        double variance = VARIANCE_SHARE * meanVariance(items);
        Broadcast<ItemTable> table = als.items();
        JavaRDD<ItemBlock> blocks = context.parallelize(
                        IntStream.range(0, layout.partitions()).boxed().toList(), layout.partitions())
                .map(block -> block(block, layout, table.value(), globalMean, variance));
        Prior users = PriorEstimate.of(PriorKind.GAUSSIAN, als.weights());
        return new PolishState(blocks, new PolishParameters(globalMean, users, items, noise));
    }

    private static Prior items(ItemTable table, double globalMean) {
        WeightMoments moments = new WeightMoments(table.rank() + 1);
        for (int item = 0; item < table.size(); item++) {
            if (table.has(item)) {
                moments.add(vector(table, item, globalMean));
            }
        }
        return PriorEstimate.of(PriorKind.GAUSSIAN, moments);
    }

    private static double meanVariance(Prior prior) {
        double[] covariance = prior.packedCovariance();
        int d = prior.dimension();
        return IntStream.range(0, d)
                .mapToDouble(i -> covariance[PackedSymmetric.index(i, i)])
                .average()
                .orElseThrow();
    }

    private static ItemBlock block(int block, ItemLayout layout, ItemTable table, double globalMean, double variance) {
        int[] items = block == layout.blocks()
                ? new int[0]
                : IntStream.range(layout.first(block), layout.first(block + 1))
                        .filter(table::has)
                        .toArray();
        double[] covariance = PackedSymmetric.diagonal(layout.dimension(), variance);
        VectorPosterior[] posteriors = Arrays.stream(items)
                .mapToObj(item -> new VectorPosterior(vector(table, item, globalMean), covariance))
                .toArray(VectorPosterior[]::new);
        return new ItemBlock(items, posteriors, new SideStatistics(layout.dimension()));
    }

    /** {@code [factor, bias]}. */
    private static double[] vector(ItemTable table, int item, double globalMean) {
        double[] vector = table.features(item).values();
        vector[table.rank()] = table.offset(item) - globalMean;
        return vector;
    }
}
