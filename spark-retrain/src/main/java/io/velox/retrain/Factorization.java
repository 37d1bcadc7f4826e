package io.velox.retrain;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.Prior;
import io.velox.core.model.PriorKind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.recommendation.ALS;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * Item factors and offsets from a set of ratings, by Spark's explicit ALS, and the prior of users' weights that goes with them.
 *
 * <p>The driver holds the items, never the ratings or the users.
 */
final class Factorization {
    private static final long RATINGS_PER_BLOCK = 250_000;
    /** Spark carries no longer lineage of stages than this makes; beyond it, ALS checkpoints its factors every tenth round. */
    static final int MAX_UNBROKEN_ITERATIONS = 20;

    private static final int MIN_BLOCKS = 2;
    private static final int MAX_BLOCKS = 500;

    /** Beyond it, squares leave the range of the floats that Spark computes with. */
    private static final double MAX_LABEL = 1e15;

    private static final StructType RATING = new StructType()
            .add("user", DataTypes.IntegerType, false)
            .add("item", DataTypes.IntegerType, false)
            .add("rating", DataTypes.FloatType, false);

    private final SparkSession spark;
    private final Hyperparameters hyperparameters;
    private final int itemCount;

    Factorization(SparkSession spark, Hyperparameters hyperparameters, int itemCount) {
        this.spark = spark;
        this.hyperparameters = hyperparameters;
        this.itemCount = itemCount;
    }

    /**
     * What a set of ratings teaches.
     *
     * @param weights of ALS's own weights of the users that have ratings
     * @param labelVariance the mean square of {@code y − o}
     * @param globalMean of the labels where it is part of the offsets; else 0
     */
    record Result(
            Broadcast<ItemTable> items, WeightMoments weights, long ratings, double labelVariance, double globalMean) {
        Prior prior(PriorKind kind) {
            return PriorEstimate.of(kind, weights);
        }
    }

    /**
     * Trains.
     *
     * @param users with at least one rating among them
     */
    Result train(JavaRDD<UserRatings> users) {
        ItemSums sums = itemSums(users);
        Offsets offsets = sums.offsets(hyperparameters.itemBias());
        ItemTable items = itemFactors(users, sums, offsets);
        Broadcast<ItemTable> shared = context().broadcast(items);
        boolean itemBias = hyperparameters.itemBias();
        return new Result(
                shared, weights(users, shared), sums.ratings(), sums.variance(itemBias), itemBias ? sums.mean() : 0);
    }

    /** Summed within each partition first; what arrives is as many numbers as there are items. */
    private ItemSums itemSums(JavaRDD<UserRatings> users) {
        int n = itemCount;
        List<Tuple2<Integer, double[]>> sums = users.mapPartitionsToPair(partition -> partialSums(partition, n))
                .reduceByKey((a, b) -> new double[] {a[0] + b[0], a[1] + b[1], a[2] + b[2]})
                .collect();
        ItemSums total = new ItemSums(new long[n], new double[n], new double[n]);
        for (Tuple2<Integer, double[]> item : sums) {
            total.count()[item._1()] = Math.round(item._2()[0]);
            total.sum()[item._1()] = item._2()[1];
            total.squares()[item._1()] = item._2()[2];
        }
        return total;
    }

    private static Iterator<Tuple2<Integer, double[]>> partialSums(Iterator<UserRatings> users, int itemCount) {
        double[][] sums = new double[itemCount][];
        List<Tuple2<Integer, double[]>> met = new ArrayList<>();
        while (users.hasNext()) {
            UserRatings user = users.next();
            for (int i = 0; i < user.size(); i++) {
                int item = user.items()[i];
                double label = user.labels()[i];
                if (Math.abs(label) > MAX_LABEL) {
                    throw new VeloxException(
                            ErrorCode.INVALID_REQUEST,
                            "an observation has a label beyond " + MAX_LABEL
                                    + ", which a factorisation cannot take: find it in the archive, and withdraw it");
                }
                double[] sum = sums[item];
                if (sum == null) {
                    sum = new double[3];
                    sums[item] = sum;
                    met.add(new Tuple2<>(item, sum));
                }
                sum[0]++;
                sum[1] += label;
                sum[2] += label * label;
            }
        }
        return met.iterator();
    }

    private ItemTable itemFactors(JavaRDD<UserRatings> users, ItemSums sums, Offsets offsets) {
        Broadcast<Offsets> sharedOffsets = context().broadcast(offsets);
        Dataset<Row> ratings = spark.createDataFrame(users.flatMap(user -> rows(user, sharedOffsets.value())), RATING);
        int blocks = (int) Math.min(MAX_BLOCKS, Math.max(MIN_BLOCKS, sums.ratings() / RATINGS_PER_BLOCK));
        ALSModel model = new ALS()
                .setUserCol("user")
                .setItemCol("item")
                .setRatingCol("rating")
                .setRank(hyperparameters.rank())
                .setRegParam(hyperparameters.regularization())
                .setMaxIter(hyperparameters.iterations())
                .setSeed(hyperparameters.seed())
                .setNumBlocks(blocks)
                .setCheckpointInterval(hyperparameters.iterations() > MAX_UNBROKEN_ITERATIONS ? 10 : -1)
                .fit(ratings);
        ItemTable items = new ItemTable(hyperparameters.rank(), offsets);
        for (Row row : model.itemFactors().collectAsList()) {
            List<Float> values = row.getList(1);
            float[] factor = new float[values.size()];
            for (int i = 0; i < factor.length; i++) {
                factor[i] = values.get(i);
            }
            items.put(row.getInt(0), factor);
        }
        sharedOffsets.destroy();
        return items;
    }

    private static Iterator<Row> rows(UserRatings user, Offsets offsets) {
        double bias = offsets.userBias(user);
        List<Row> rows = new ArrayList<>(user.size());
        for (int i = 0; i < user.size(); i++) {
            int item = user.items()[i];
            rows.add(
                    RowFactory.create(user.index(), item, (float) (user.labels()[i] - offsets.ofItems()[item] - bias)));
        }
        return rows.iterator();
    }

    /** Partial moments are merged in the order of the partitions, so that the sums do not depend on which task was first. */
    private WeightMoments weights(JavaRDD<UserRatings> users, Broadcast<ItemTable> items) {
        int dimension = hyperparameters.dimension();
        double regularization = hyperparameters.regularization();
        WeightMoments total = new WeightMoments(dimension);
        users.mapPartitions(partition -> {
                    WeightMoments moments = new WeightMoments(dimension);
                    while (partition.hasNext()) {
                        UserRatings user = partition.next();
                        if (user.size() > 0) {
                            moments.add(OfflineWeights.of(user, items.value(), regularization));
                        }
                    }
                    return List.of(moments).iterator();
                })
                .collect()
                .forEach(total::merge);
        return total;
    }

    private JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(spark.sparkContext());
    }
}
