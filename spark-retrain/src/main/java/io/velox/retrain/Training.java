package io.velox.retrain;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.ModelKind;
import io.velox.core.model.Prior;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.StoredFile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One training, from the archive to the manifest: wait for the cut, read and fold, train on a part and judge on the held-out rest,
 * which also chooses the noise, train again on everything, write items and users, and last the manifest.
 */
final class Training {
    private static final Logger log = LoggerFactory.getLogger(Training.class);

    /** Spark carries no longer lineage of stages than this makes; beyond it, ALS checkpoints its factors every tenth round. */
    private static final int MAX_UNBROKEN_ITERATIONS = 20;

    private final SparkSession spark;
    private final Arguments arguments;
    private final ModelStore store;
    private final SortedMap<String, Double> metrics = new TreeMap<>();

    Training(SparkSession spark, Arguments arguments, ModelStore store) {
        this.spark = spark;
        this.arguments = arguments;
        this.store = store;
    }

    /**
     * Trains and publishes the version.
     *
     * @throws VeloxException or another exception, whose message is the reason; the version then does not exist
     */
    Manifest run() throws IOException, InterruptedException {
        if (arguments.hyperparameters().iterations() <= MAX_UNBROKEN_ITERATIONS) {
            return train();
        }
        Path checkpoints = new Path(
                new Path(store.root(), ModelStore.manifestAddress(arguments.version())).getParent(),
                ".checkpoints-" + System.nanoTime());
        spark.sparkContext().setCheckpointDir(checkpoints.toString());
        try {
            return train();
        } finally {
            store.fileSystem().delete(checkpoints, true);
        }
    }

    private Manifest train() throws IOException, InterruptedException {
        Stopwatch total = new Stopwatch();
        Stopwatch stage = new Stopwatch();
        refuseExistingVersion();
        Archive archive = new Archive(store.fileSystem(), store.root());
        List<ArchiveFile> files = archive.awaitCut(arguments.cut(), arguments.archiveWait());
        metrics.put("archiveWaitSeconds", stage.lap());

        RatingsReader.Ratings ratings = new RatingsReader(spark)
                .read(
                        files.stream()
                                .map(file -> archive.path(file).toString())
                                .toList(),
                        arguments.cut(),
                        arguments.repeat());
        metrics.put("readSeconds", stage.lap());
        Factorization factorization = new Factorization(
                spark, arguments.hyperparameters(), ratings.dictionary().size());
        requireRatings(ratings);
        log.info(
                "read: {} ratings of {} items by {} users from {} files in {} s, {}/s",
                ratings.ratingCount(),
                ratings.dictionary().size(),
                ratings.userCount(),
                files.size(),
                metrics.get("readSeconds"),
                perSecond(ratings.ratingCount(), metrics.get("readSeconds")));

        NoiseChoice noise = judge(ratings, factorization);
        metrics.put("judgeSeconds", stage.lap());
        log.info(
                "judged: in {} s, noise {} ({}), {}",
                metrics.get("judgeSeconds"),
                noise.noise(),
                noise.origin(),
                metrics);

        Factorization.Result result = factorization.train(ratings.users());
        if (noise.origin().equals("default")) {
            noise = NoiseChoice.byDefault(result.labelVariance());
        }
        metrics.put("factorizeSeconds", stage.lap());
        log.info(
                "trained: {} rounds over {} ratings in {} s, {}/s",
                arguments.hyperparameters().iterations(),
                result.ratings(),
                metrics.get("factorizeSeconds"),
                perSecond(
                        result.ratings() * arguments.hyperparameters().iterations(), metrics.get("factorizeSeconds")));

        List<StoredFile> written = write(ratings, result);
        metrics.put("writeSeconds", stage.lap());
        metrics.put("trainSeconds", total.lap());
        Manifest manifest = manifest(ratings, result, noise, written);
        store.writeManifest(manifest);
        log.info("published: {} in {} s, {} files", manifest.id(), metrics.get("trainSeconds"), written.size());
        return manifest;
    }

    private static long perSecond(long n, double seconds) {
        return Math.round(n / Math.max(seconds, 1e-3));
    }

    private void refuseExistingVersion() throws IOException {
        Path manifest = new Path(store.root(), ModelStore.manifestAddress(arguments.version()));
        if (store.fileSystem().exists(manifest)) {
            throw new IllegalArgumentException(
                    "--version " + arguments.version().version() + " of "
                            + arguments.version().model() + " exists already: " + manifest);
        }
    }

    private void requireRatings(RatingsReader.Ratings ratings) {
        if (ratings.dictionary().size() == 0) {
            throw new VeloxException(
                    ErrorCode.INVALID_REQUEST,
                    "there is nothing to train " + arguments.version().model()
                            + " from: no rating of an item with an id" + " remains below the cut " + arguments.cut());
        }
    }

    private NoiseChoice judge(RatingsReader.Ratings ratings, Factorization factorization) {
        Hyperparameters given = arguments.hyperparameters();
        HeldOutSplit split = new HeldOutSplit(given.heldOut(), given.seed());
        Broadcast<ItemDictionary> dictionary = ratings.shared();
        JavaRDD<HeldOutSplit.Parts> parts = ratings.users()
                .map(user -> split.split(user, dictionary.value()))
                .persist(StorageLevel.MEMORY_AND_DISK());
        Factorization.Result trained = factorization.train(parts.map(HeldOutSplit.Parts::training));
        HeldOutErrors baseline = errors(parts, trained);
        metrics.put("heldOutRatings", (double) baseline.ratings());
        NoiseChoice choice;
        if (baseline.ratings() < NoiseChoice.MIN_HELD_OUT) {
            choice = NoiseChoice.byDefault(trained.labelVariance());
        } else {
            double share = NoiseChoice.ENOUGH_RATINGS / trained.ratings();
            double scale = baseline.rmsePrior() * baseline.rmsePrior();
            choice = NoiseChoice.ofHeldOut(errors(
                    parts.filter(user -> split.isSampled(user.training().uid(), share)),
                    trained,
                    NoiseChoice.candidates(scale)));
        }
        if (baseline.ratings() > 0) {
            HeldOutErrors chosen = errors(parts, trained, choice.noise());
            metrics.put("heldOutRmse", chosen.rmseRidge(0));
            metrics.put("heldOutRmseAls", chosen.rmseAls());
            metrics.put("heldOutRmsePrior", chosen.rmsePrior());
        }
        parts.unpersist(false);
        trained.shared().destroy();
        return choice;
    }

    private HeldOutErrors errors(JavaRDD<HeldOutSplit.Parts> parts, Factorization.Result trained, double... noises) {
        Broadcast<ItemTable> items = trained.shared();
        Prior prior = trained.prior();
        double regularization = arguments.hyperparameters().regularization();
        HeldOutErrors total = new HeldOutErrors(noises);
        parts.mapPartitions(users -> {
                    HeldOutErrors errors = new HeldOutErrors(noises);
                    users.forEachRemaining(user -> errors.add(user, items.value(), prior, regularization));
                    return List.of(errors).iterator();
                })
                .collect()
                .forEach(total::merge);
        return total;
    }

    private List<StoredFile> write(RatingsReader.Ratings ratings, Factorization.Result result) {
        VersionWriter writer = new VersionWriter(arguments.store(), arguments.hadoop(), arguments.version());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<StoredFile> files = new ArrayList<>(writer.writeItems(context, result.shared(), ratings.shared()));
        files.addAll(writer.writeUsers(
                ratings.users(),
                result.shared(),
                result.prior(),
                arguments.hyperparameters().regularization()));
        return files;
    }

    private Manifest manifest(
            RatingsReader.Ratings ratings, Factorization.Result result, NoiseChoice noise, List<StoredFile> files) {
        Hyperparameters given = arguments.hyperparameters();
        SortedMap<String, String> hyperparameters = new TreeMap<>();
        hyperparameters.put("rank", Integer.toString(given.rank()));
        hyperparameters.put("regularization", Double.toString(given.regularization()));
        hyperparameters.put("iterations", Integer.toString(given.iterations()));
        hyperparameters.put("itemBias", Boolean.toString(given.itemBias()));
        hyperparameters.put("prior", given.prior().name().toLowerCase(Locale.ROOT));
        hyperparameters.put("heldOut", Double.toString(given.heldOut()));
        hyperparameters.put("seed", Long.toString(given.seed()));
        hyperparameters.put("noiseFrom", noise.origin());
        SortedMap<String, Long> counts = new TreeMap<>();
        counts.put("ratings", result.ratings());
        counts.put("users", ratings.userCount());
        counts.put("items", (long) result.items().trainedItems());
        return new Manifest(
                Manifest.FORMAT,
                arguments.version().model(),
                arguments.version().version(),
                ModelKind.ALS,
                given.dimension(),
                result.prior(),
                noise.noise(),
                null,
                metrics,
                hyperparameters,
                Instant.now(),
                arguments.cut(),
                counts,
                arguments.repeat(),
                files);
    }
}
