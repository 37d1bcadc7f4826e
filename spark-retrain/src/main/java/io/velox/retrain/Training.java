package io.velox.retrain;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.item.RegressionFit;
import io.velox.core.model.ModelKind;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ItemPrior;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.SearchTrial;
import io.velox.core.store.StoredFile;
import io.velox.core.store.StoredRegression;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One training, from the archive to the manifest: wait for the cut, read and fold, search if asked to, train on a part and judge on the
 * held-out rest, which also chooses the noise and the number of passes, compare with the live version, train again on everything, learn
 * what metadata say of items, write items, users and posteriors, and last the manifest.
 */
final class Training {
    private static final Logger log = LoggerFactory.getLogger(Training.class);

    private final SparkSession spark;
    private final Arguments arguments;
    private final ModelStore store;
    private final SortedMap<String, Double> metrics = new TreeMap<>();
    private List<SearchTrial> trials = List.of();

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
        boolean isLong = Stream.concat(Stream.of(arguments.hyperparameters()), arguments.search().stream())
                .anyMatch(given -> given.iterations() > Factorization.MAX_UNBROKEN_ITERATIONS
                        || given.polish() >= Polish.CHECKPOINT_EVERY);
        if (!isLong) {
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
        Optional<LiveVersion> live = arguments
                .live()
                .map(address ->
                        LiveVersion.read(store, address, arguments.version().model()));
        Optional<LiveVersion> from = arguments
                .from()
                .map(address ->
                        LiveVersion.read(store, address, arguments.version().model()));
        from.ifPresent(LiveVersion::itemPrior); // refuses at once what cannot be refreshed
        Archive archive = new Archive(store.fileSystem(), store.root());
        List<ArchiveFile> files = archive.awaitCut(arguments.cut(), arguments.archiveWait());
        metrics.put("archiveWaitSeconds", stage.lap());

        Optional<ItemMetadata> metadata = arguments
                .itemMetadata()
                .map(address -> ItemMetadata.read(store.fileSystem(), new Path(store.root(), address)));
        RatingsReader.Ratings ratings = new RatingsReader(spark)
                .read(
                        files.stream()
                                .map(file -> archive.path(file).toString())
                                .toList(),
                        arguments.cut(),
                        arguments.repeat(),
                        live.flatMap(version -> version.seen(arguments.cut().epoch()))
                                .orElse(null));
        metrics.put("readSeconds", stage.lap());
        requireRatings(ratings);
        log.info(
                "read: {} ratings of {} items by {} users from {} files in {} s, {}/s",
                ratings.ratingCount(),
                ratings.dictionary().size(),
                ratings.userCount(),
                files.size(),
                metrics.get("readSeconds"),
                perSecond(ratings.ratingCount(), metrics.get("readSeconds")));

        TrainingMethod method = method(ratings, from);
        if (!trials.isEmpty()) {
            metrics.put("searchSeconds", stage.lap());
        }
        Judgement judgement = judge(ratings, method, live);
        metrics.putAll(judgement.metrics());
        metrics.put("judgeSeconds", stage.lap());
        log.info(
                "judged: in {} s, noise {} ({}), {}",
                metrics.get("judgeSeconds"),
                judgement.served().noise().noise(),
                judgement.served().noise().origin(),
                metrics);

        Trained trained = method.train(ratings.users(), judgement);
        metrics.putAll(trained.metrics());
        metrics.put("factorizeSeconds", stage.lap());

        Optional<RegressionFit> regression = metadata.flatMap(
                known -> known.fit(ratings, trained, arguments.hyperparameters().seed()));
        if (regression.isPresent()) {
            metrics.put("metadataExplained", regression.get().explained());
            metrics.put("metadataSeconds", stage.lap());
        }
        List<StoredFile> written = write(ratings, trained, regression);
        metrics.put("writeSeconds", stage.lap());
        metrics.put("trainSeconds", total.lap());
        metrics.put("peakHeapMebibytes", (double) PeakHeap.mebibytes());
        Manifest manifest = manifest(ratings, method, trained, written);
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

    private TrainingMethod method(RatingsReader.Ratings ratings, Optional<LiveVersion> from)
            throws InterruptedException {
        Hyperparameters given = from.isEmpty() ? searched(ratings) : arguments.hyperparameters();
        return from.<TrainingMethod>map(version -> new Refresh(
                        context(),
                        given,
                        version,
                        new RefreshStart(arguments.store().toString(), arguments.hadoop(), version.address()),
                        ratings))
                .orElseGet(() ->
                        new FullTraining(spark, given, ratings.dictionary().size()));
    }

    private Hyperparameters searched(RatingsReader.Ratings ratings) throws InterruptedException {
        if (arguments.search().isEmpty()) {
            return arguments.hyperparameters();
        }
        HyperparameterSearch.Outcome outcome = new HyperparameterSearch(
                        context().defaultParallelism(),
                        ratings,
                        candidate -> new FullTraining(
                                spark, candidate, ratings.dictionary().size()))
                .run(arguments.search());
        trials = outcome.trials();
        return outcome.chosen();
    }

    private Judgement judge(RatingsReader.Ratings ratings, TrainingMethod method, Optional<LiveVersion> live) {
        HeldOutSplit split = arguments.hyperparameters().split();
        Broadcast<ItemDictionary> dictionary = ratings.shared();
        JavaRDD<HeldOutSplit.Parts> parts = ratings.users()
                .map(user -> split.split(user, dictionary.value()))
                .persist(StorageLevel.MEMORY_AND_DISK());
        Judgement judgement = method.judge(parts);
        live.ifPresent(version -> metrics.putAll(gate(parts, judgement.served(), version, ratings)));
        parts.unpersist(false);
        judgement.served().items().destroy();
        return judgement;
    }

    private SortedMap<String, Double> gate(
            JavaRDD<HeldOutSplit.Parts> parts, Served candidate, LiveVersion live, RatingsReader.Ratings ratings) {
        Served before = new Served(
                context().broadcast(live.items(store, ratings.dictionary())),
                live.manifest().prior(),
                NoiseChoice.ofLive(live.manifest().noise()));
        SortedMap<String, Double> figures = GateErrors.measure(parts, candidate, before);
        before.items().destroy();
        return figures;
    }

    private JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(spark.sparkContext());
    }

    private List<StoredFile> write(RatingsReader.Ratings ratings, Trained trained, Optional<RegressionFit> regression)
            throws IOException {
        VersionWriter writer = new VersionWriter(arguments.store(), arguments.hadoop(), arguments.version());
        Served served = trained.served();
        List<StoredFile> files = new ArrayList<>(writer.writeItems(context(), served.items(), ratings.shared()));
        files.addAll(writer.writeUsers(ratings.users(), served.prior(), trained.weights()));
        trained.state().ifPresent(state -> files.addAll(writer.writePosterior(state, ratings.shared())));
        if (regression.isPresent()) {
            files.add(StoredRegression.write(
                    store, arguments.version(), regression.get().regression()));
        }
        return files;
    }

    private Manifest manifest(
            RatingsReader.Ratings ratings, TrainingMethod method, Trained trained, List<StoredFile> files) {
        Served served = trained.served();
        SortedMap<String, String> hyperparameters = method.hyperparameters();
        hyperparameters.put("noiseFrom", served.noise().origin());
        SortedMap<String, Long> counts = new TreeMap<>();
        counts.put("ratings", ratings.ratingCount());
        counts.put("users", ratings.userCount());
        counts.put("items", (long) served.items().value().trainedItems());
        return new Manifest(
                Manifest.FORMAT,
                arguments.version().model(),
                arguments.version().version(),
                ModelKind.ALS,
                served.prior().dimension(),
                served.prior(),
                served.noise().noise(),
                null,
                metrics,
                hyperparameters,
                Instant.now(),
                arguments.cut(),
                counts,
                arguments.repeat(),
                files,
                trained.state()
                        .map(PolishState::parameters)
                        .map(parameters -> new ItemPrior(parameters.globalMean(), parameters.items()))
                        .orElse(null),
                trials);
    }
}
