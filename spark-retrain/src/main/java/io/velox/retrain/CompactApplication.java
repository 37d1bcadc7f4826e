package io.velox.retrain;

import io.velox.core.store.ModelStore;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rewrites the archive of observations: small files become large ones, and what was forgotten or withdrawn is left out. Run by
 * {@code spark-submit}, as such or as {@code RetrainApplication compact}.
 *
 * <p>Exit code 0: done, or nothing to do. Exit codes 1 and 2: not done, the archive as good as before, and the last line on standard
 * error says why; as with {@link RetrainApplication}.
 */
public final class CompactApplication {
    /** The first argument by which {@link RetrainApplication} becomes this. */
    static final String COMMAND = "compact";

    private static final Logger log = LoggerFactory.getLogger(CompactApplication.class);

    private CompactApplication() {}

    public static void main(String[] args) {
        if (Arrays.asList(args).contains("--help")) {
            System.out.print(CompactArguments.usage());
            return;
        }
        try {
            CompactArguments arguments = CompactArguments.parse(args);
            RetrainApplication.endWithInput(arguments.endsWithInput());
            run(arguments);
        } catch (IllegalArgumentException e) {
            RetrainApplication.fail(e);
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            log.error("the compaction failed", e);
            RetrainApplication.fail(e);
        }
        System.exit(0); // as in RetrainApplication
    }

    private static void run(CompactArguments arguments) throws IOException {
        ModelStore store = ModelStore.open(arguments.store(), arguments.hadoop());
        try (SparkSession spark = RetrainApplication.session("velox-compact", arguments.hadoop())) {
            new Compaction(spark, store, arguments, Clock.systemUTC()).run();
        }
    }
}
