package io.velox.retrain;

import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.regexp_extract;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The archive as a table. */
final class ArchiveRows {
    /** Spark's name for "take these paths as they are": a store's root may contain characters that are a pattern to Spark. */
    static final String GLOB_PATHS = "__globPaths__";

    /** The column that {@link #withFile} adds: {@code <date>/<file name>} of the row's file. */
    static final String FILE = "file";

    /** The columns of {@link io.velox.core.store.ArchiveFile#SCHEMA}. */
    static final StructType COLUMNS = new StructType()
            .add("epoch", DataTypes.IntegerType)
            .add("partition", DataTypes.IntegerType)
            .add("offset", DataTypes.LongType)
            .add("type", DataTypes.StringType)
            .add("uid", DataTypes.StringType)
            .add("item", DataTypes.StringType)
            .add("label", DataTypes.DoubleType)
            .add("timestamp", DataTypes.LongType)
            .add("id", DataTypes.StringType)
            .add("impression", DataTypes.StringType);

    private ArchiveRows() {}

    /** @param paths of at least one file */
    static Dataset<Row> read(SparkSession spark, List<String> paths) {
        return spark.read().schema(COLUMNS).option(GLOB_PATHS, "false").parquet(paths.toArray(String[]::new));
    }

    static Dataset<Row> withFile(Dataset<Row> rows) {
        return rows.withColumn(FILE, regexp_extract(input_file_name(), "([^/]+/[^/]+)$", 1));
    }
}
