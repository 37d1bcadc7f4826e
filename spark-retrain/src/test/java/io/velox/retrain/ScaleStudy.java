package io.velox.retrain;

import io.velox.core.model.PriorKind;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/** Times ALS and the passes after it on synthetic ratings: ratings, users, items, rank, passes. */
final class ScaleStudy {
    private static final int PARTITIONS = 100;

    private ScaleStudy() {}

    public static void main(String[] args) throws Exception {
        long ratings = Long.parseLong(args[0]);
        int users = Integer.parseInt(args[1]);
        int items = Integer.parseInt(args[2]);
        int rank = Integer.parseInt(args[3]);
        int passes = Integer.parseInt(args[4]);
        try (SparkSession spark = LocalSpark.start()) {
            JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
            JavaRDD<UserRatings> all = context.parallelize(
                            IntStream.range(0, PARTITIONS).boxed().toList(), PARTITIONS)
                    .flatMap(part -> users(part, users, items, (int) (ratings / users)))
                    .persist(StorageLevel.MEMORY_AND_DISK());
            long count = all.map(user -> (long) user.size()).fold(0L, Long::sum);
            Hyperparameters given = new Hyperparameters(rank, 0.1, 10, true, passes, PriorKind.GAUSSIAN, 0.1, 1);
            double cpu = cpuSeconds();
            Stopwatch watch = new Stopwatch();
            Factorization.Result als = new Factorization(spark, given, items).train(all);
            System.out.printf(
                    "ALS: %d ratings in %.1f s, %.1f CPU s, peak heap %d MiB%n",
                    count, watch.lap(), cpuSeconds() - cpu, PeakHeap.mebibytes());
            cpu = cpuSeconds();
            Polisher polisher = new Polisher(context, given, items);
            PolishRun run = polisher.fixed(
                    all.map(HeldOutSplit.Parts::allTraining),
                    PolishStart.ofAls(context, als, 0.7, polisher.layout()),
                    count,
                    passes);
            System.out.printf(
                    "polish: %d passes, %.1f s and %.1f CPU s each, noise %.4f, peak heap %d MiB%n",
                    passes,
                    run.seconds() / passes,
                    (cpuSeconds() - cpu) / passes,
                    run.state().parameters().noise(),
                    PeakHeap.mebibytes());
        }
    }

    /** Users with about so many ratings each, of items of which the first are rated most. */
    private static Iterator<UserRatings> users(int part, int users, int items, int mean) {
        int first = (int) ((long) users * part / PARTITIONS);
        int end = (int) ((long) users * (part + 1) / PARTITIONS);
        Random random = new Random(part);
        return IntStream.range(first, end)
                .mapToObj(user -> {
                    int[] rated = IntStream.generate(() -> (int) (items * Math.pow(random.nextDouble(), 2.5)))
                            .limit(Math.max(1, Math.round(mean * 2 * random.nextDouble())))
                            .distinct()
                            .toArray();
                    double[] labels = IntStream.of(rated)
                            .mapToDouble(item -> 3.5
                                    + Math.sin(user * 0.7 + item) * 0.6
                                    + Math.cos(item * 0.3) * 0.4
                                    + 0.8 * random.nextGaussian())
                            .toArray();
                    return new UserRatings("u" + user, user, rated, labels);
                })
                .iterator();
    }

    private static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
    }
}
