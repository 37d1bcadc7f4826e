package io.velox.retrain;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.velox.core.log.LogCut;
import io.velox.core.model.Repeat;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/** Reads the archive up to a cut into one {@link UserRatings} per user. */
final class RatingsReader {
    private static final long RECORDS_PER_PARTITION = 100_000;
    private static final int MIN_PARTITIONS = 2;
    private static final int MAX_PARTITIONS = 2_000;

    private final SparkSession spark;

    RatingsReader(SparkSession spark) {
        this.spark = spark;
    }

    /**
     * The users of the archive and their ratings, kept in Spark.
     *
     * @param users sorted by the UTF-8 bytes of their ids within each partition; users without ratings are among them
     */
    record Ratings(
            JavaRDD<UserRatings> users,
            ItemDictionary dictionary,
            Broadcast<ItemDictionary> shared,
            long userCount,
            long ratingCount) {}

    /**
     * Users, items and their indexes depend only on the records below the cut, not on the files that they lie in.
     *
     * @param paths of the archive files that overlap the cut
     * @param seen what an earlier version saw of the log: ratings beyond it are new; null if nothing is to be called new
     */
    Ratings read(List<String> paths, LogCut cut, Repeat repeat, @Nullable LogCut seen) {
        JavaRDD<FoldedUser> folded =
                paths.isEmpty() ? context().<FoldedUser>emptyRDD() : fold(paths, cut, repeat, seen);
        folded.persist(StorageLevel.MEMORY_AND_DISK());
        List<String> items =
                folded.mapPartitions(RatingsReader::distinctItems).distinct().collect();
        ItemDictionary dictionary = new ItemDictionary(items);
        Broadcast<ItemDictionary> shared = context().broadcast(dictionary);
        JavaRDD<UserRatings> users = folded.zipWithIndex()
                .map(user -> UserRatings.of(user._1(), Math.toIntExact(user._2()), shared.value()))
                .persist(StorageLevel.MEMORY_AND_DISK());
        List<long[]> counts = users.mapPartitions(RatingsReader::counted).collect();
        folded.unpersist(false);
        return new Ratings(
                users,
                dictionary,
                shared,
                counts.stream().mapToLong(count -> count[0]).sum(),
                counts.stream().mapToLong(count -> count[1]).sum());
    }

    private JavaRDD<FoldedUser> fold(List<String> paths, LogCut cut, Repeat repeat, @Nullable LogCut seen) {
        String[] columns = FoldingIterator.COLUMNS;
        return ArchiveRows.read(spark, paths)
                .where(below(cut))
                .select(Arrays.stream(columns).map(c -> col(c)).toArray(Column[]::new))
                .repartition(partitions(cut), col("uid"))
                .sortWithinPartitions(col("uid"), col("partition"), col("offset"))
                .toJavaRDD()
                .mapPartitions(rows -> new FoldingIterator(rows, repeat, seen));
    }

    /** By the length of the log, which no layout of files changes. */
    private static int partitions(LogCut cut) {
        long records = cut.endOffsets().values().stream().mapToLong(end -> end).sum();
        return (int) Math.min(MAX_PARTITIONS, Math.max(MIN_PARTITIONS, records / RECORDS_PER_PARTITION));
    }

    private static Column below(LogCut cut) {
        Column below = lit(false);
        for (Map.Entry<Integer, Long> end : cut.endOffsets().entrySet()) {
            below = below.or(
                    col("partition").equalTo(end.getKey()).and(col("offset").lt(end.getValue())));
        }
        return col("epoch").equalTo(cut.epoch()).and(below);
    }

    private static Iterator<String> distinctItems(Iterator<FoldedUser> users) {
        Set<String> items = new HashSet<>();
        users.forEachRemaining(user -> items.addAll(Arrays.asList(user.items())));
        return items.iterator();
    }

    private static Iterator<long[]> counted(Iterator<UserRatings> users) {
        long[] count = new long[2];
        users.forEachRemaining(user -> {
            count[0]++;
            count[1] += user.size();
        });
        return List.of(count).iterator();
    }

    private JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(spark.sparkContext());
    }
}
