package io.velox.retrain;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;

import io.velox.core.log.LogCut;
import io.velox.core.store.ArchiveFile;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rows that are to go from an archive.
 *
 * <p>These are: every row of a user before the user's last {@code forgotten}; every observation of an item before the user's last
 * {@code withdrawn} of it, and its retries under the same client id afterwards. When there is none of them, the {@code forgotten} and
 * {@code withdrawn} rows that are settled: not before, because a crash between two files must not bring anything back.
 *
 * @param positions epoch, partition and offset of each; kept in Spark until {@link #close}
 * @param files that hold any, as {@link ArchiveRows#FILE}
 * @param areVictims whether these are the rows that were forgotten, so that it is worth looking again
 */
record Removals(Dataset<Row> positions, Set<String> files, boolean areVictims) implements AutoCloseable {
    private static final int PARTITIONS = 4;
    private static final Column PLACE = struct(col("epoch"), col("offset"));
    private static final Column IS_OBSERVED = col("type").equalTo("observed");

    /** Of an archive that is to keep all. */
    static Removals none(SparkSession spark) {
        return new Removals(spark.emptyDataFrame(), Set.of(), false);
    }

    static Removals find(SparkSession spark, List<String> paths, LogCut settled) {
        Dataset<Row> rows = ArchiveRows.withFile(ArchiveRows.read(spark, paths));
        Dataset<Row> markers = rows.where(col("type").isin("forgotten", "withdrawn"));
        if (markers.isEmpty()) {
            return kept(rows.where(lit(false)), false);
        }
        Removals victims = kept(victims(rows, markers), true);
        if (!victims.files.isEmpty()) {
            return victims;
        }
        victims.close();
        return kept(markers.where(isSettled(settled)), false);
    }

    private static Dataset<Row> victims(Dataset<Row> rows, Dataset<Row> markers) {
        Dataset<Row> forgotten = markers.where(col("type").equalTo("forgotten"))
                .groupBy("uid")
                .agg(max(PLACE).as("forgottenAt"));
        Dataset<Row> withdrawn = markers.where(col("type").equalTo("withdrawn"))
                .groupBy("uid", "item")
                .agg(max(PLACE).as("withdrawnAt"));
        Column isForgotten = isTrue(PLACE.lt(col("forgottenAt")));
        Column isWithdrawn = isTrue(PLACE.lt(col("withdrawnAt")).and(IS_OBSERVED));
        Dataset<Row> marked = rows.join(forgotten, names("uid"), "left")
                .join(withdrawn, names("uid", "item"), "left")
                .withColumn("isForgotten", isForgotten)
                .withColumn("isWithdrawn", isWithdrawn);
        Dataset<Row> spent = marked.where(col("isWithdrawn")
                        .and(col("isForgotten").equalTo(false))
                        .and(col("id").isNotNull()))
                .select("uid", "item", "id")
                .distinct()
                .withColumn("isSpent", lit(true));
        Column isRetry = isTrue(col("isSpent").and(IS_OBSERVED));
        return marked.join(spent, names("uid", "item", "id"), "left")
                .where(col("isForgotten").or(col("isWithdrawn")).or(isRetry));
    }

    private static Column isSettled(LogCut settled) {
        Column below = col("epoch").lt(settled.epoch());
        for (Map.Entry<Integer, Long> end : settled.endOffsets().entrySet()) {
            below = below.or(col("epoch")
                    .equalTo(settled.epoch())
                    .and(col("partition").equalTo(end.getKey()))
                    .and(col("offset").lt(end.getValue())));
        }
        return below;
    }

    private static Column isTrue(Column condition) {
        return coalesce(condition, lit(false));
    }

    private static scala.collection.immutable.Seq<String> names(String... names) {
        return CollectionConverters.asScala(List.of(names)).toSeq();
    }

    private static Removals kept(Dataset<Row> removed, boolean areVictims) {
        Dataset<Row> places = removed.select("epoch", "partition", "offset", ArchiveRows.FILE)
                .repartition(PARTITIONS)
                .persist(StorageLevel.MEMORY_AND_DISK());
        Set<String> files = new HashSet<>();
        places.select(ArchiveRows.FILE).distinct().collectAsList().forEach(row -> files.add(row.getString(0)));
        return new Removals(places, files, areVictims);
    }

    /** The offsets that are to go from the range of a run, ascending; no more than the run has rows. */
    long[] offsets(CompactionRun run) {
        ArchiveFile range = run.target();
        return positions
                .where(col("epoch")
                        .equalTo(range.epoch())
                        .and(col("partition").equalTo(range.partition()))
                        .and(col("offset").between(range.first(), range.last())))
                .select("offset")
                .collectAsList()
                .stream()
                .mapToLong(row -> row.getLong(0))
                .sorted()
                .toArray();
    }

    @Override
    public void close() {
        positions.unpersist(false);
    }
}
