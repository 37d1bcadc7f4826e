package io.velox.retrain;

import io.velox.core.store.ModelStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains one version of a matrix factorisation model from the archive of observations, and publishes it in the store. Run by
 * {@code spark-submit}, which also says on which master. With {@code compact} as first argument it is {@link CompactApplication}.
 *
 * <p>Exit code 0: the version's manifest is in the store. Exit code 1: it is not, and the last line on standard error says why.
 * Exit code 3: {@code --until-stdin-ends} was given, and it did.
 */
public final class RetrainApplication {
    private static final Logger log = LoggerFactory.getLogger(RetrainApplication.class);

    private RetrainApplication() {}

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(CompactApplication.COMMAND)) {
            CompactApplication.main(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        if (Arrays.asList(args).contains("--help")) {
            System.out.print(Arguments.usage());
            return;
        }
        try {
            Arguments arguments = Arguments.parse(args);
            if (arguments.endsWithInput()) {
                ParentWatch.start(System.in, () -> Runtime.getRuntime().halt(ParentWatch.EXIT_CODE));
            }
            run(arguments);
        } catch (IllegalArgumentException e) {
            fail(e);
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            log.error("training failed", e);
            fail(e);
        }
        System.exit(0); // what a file system client leaves running is not waited for
    }

    private static void run(Arguments arguments) throws IOException, InterruptedException {
        ModelStore store = ModelStore.open(arguments.store(), arguments.hadoop());
        try (SparkSession spark = session("velox-retrain " + arguments.version(), arguments.hadoop())) {
            new Training(spark, arguments, store).run();
        }
    }

    /** What {@code spark-submit} was told, and where it was told nothing, what suits a batch job that nobody watches. */
    static SparkSession session(String name, Map<String, String> hadoop) {
        SparkConf spark = new SparkConf()
                .setAppName(name)
                .setIfMissing("spark.ui.enabled", "false")
                .setIfMissing("spark.ui.showConsoleProgress", "false");
        if (spark.get("spark.master", "").startsWith("local")) {
            spark.setIfMissing("spark.driver.bindAddress", "127.0.0.1").setIfMissing("spark.driver.host", "127.0.0.1");
        }
        hadoop.forEach((key, value) -> spark.set("spark.hadoop." + key, value));
        return SparkSession.builder().config(spark).getOrCreate();
    }

    static void fail(Throwable failure) {
        System.err.println(Reason.of(failure));
        System.err.flush();
        System.exit(1);
    }
}
