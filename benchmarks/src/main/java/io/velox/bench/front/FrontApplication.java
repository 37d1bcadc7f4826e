package io.velox.bench.front;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.velox.bench.data.SyntheticVersion;
import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.ItemKey;
import io.velox.core.log.ItemRecord;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.VersionHistories;
import io.velox.serving.access.AccessControl;
import io.velox.serving.explore.ImpressionKeys;
import io.velox.serving.forgetting.ForgettingTerms;
import io.velox.serving.health.AuditPass;
import io.velox.serving.http.ApiServer;
import io.velox.serving.http.Services;
import io.velox.serving.items.ItemRegistry;
import io.velox.serving.lifecycle.CurrentLifecycle;
import io.velox.serving.lifecycle.HealthFeed;
import io.velox.serving.lifecycle.LoadedModels;
import io.velox.serving.lifecycle.NodeFeed;
import io.velox.serving.lifecycle.StoredHistories;
import io.velox.serving.log.ItemLog;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.ObservationLog;
import io.velox.serving.log.UserPartitions;
import io.velox.serving.predict.PredictionCaches;
import io.velox.serving.users.UserModels;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A serving node without log and job: the API in front of a version of random factors, loaded from a store as ever, and the cache of user
 * models over {@link MadeUpUsers}. Observations are refused, since there is no log.
 *
 * <p>{@code FrontApplication FOLDER [repeating]}, with VELOX_* variables as any node; {@code repeating}: {@code predict} checks its requests and
 * predicts nothing. Prints where the API listens, and ends when its input does.
 */
public final class FrontApplication {
    private static final int KEY_BYTES = 32;
    private static final long SEED = 42;
    private static final long PATIENCE_SECONDS = 60;
    private static final long LOOK_MS = 20;

    private FrontApplication() {}

    public static void main(String[] arguments) throws Exception {
        VeloxConfiguration configuration = ConfigurationReader.read(Optional.empty(), System.getenv());
        ModelStore store = ModelStore.open(Path.of(arguments[0]).toUri(), Map.of());
        Manifest manifest = SyntheticVersion.write(store, SEED);
        ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
        LoadedModels models = loaded(store, manifest, timers);
        Vertx vertx = Vertx.vertx();
        AccessControl access =
                AccessControl.open(vertx, configuration.serving(), configuration.access(), System::nanoTime);
        Services services = services(configuration, store, models, manifest.id(), timers);
        boolean isRepeating = arguments.length > 1 && arguments[1].equals("repeating");
        Future<ApiServer> starting = isRepeating
                ? ApiServer.startRepeatingPredictions(vertx, configuration.serving(), access, services)
                : ApiServer.start(vertx, configuration.serving(), access, services);
        ApiServer server = starting.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        System.out.println("listening " + server.port());
        while (System.in.read() >= 0) {
            // nobody says anything; the end of the input is the end
        }
        System.exit(0);
    }

    private static LoadedModels loaded(ModelStore store, Manifest manifest, ScheduledExecutorService loader)
            throws InterruptedException {
        LoadedModels models = new LoadedModels(store, loader, loader);
        CatalogueEntry entry = SyntheticVersion.active(manifest);
        models.accept(new TreeMap<>(Map.of(entry.model(), entry)));
        while (models.loaded(manifest.id()).isEmpty()) {
            Thread.sleep(LOOK_MS);
        }
        return models;
    }

    private static Services services(
            VeloxConfiguration configuration,
            ModelStore store,
            LoadedModels models,
            ModelVersion version,
            ScheduledExecutorService timers) {
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        UserModels users = new UserModels(
                new MadeUpUsers(version),
                CircuitBreaker.ofDefaults("front"),
                new UserPartitions(
                        configuration.kafka().epoch(), configuration.kafka().partitions()),
                configuration.serving().userCacheEntries(),
                timers);
        users.bindTo(metrics);
        ObservationLog noLog = records -> CompletableFuture.failedFuture(noLog());
        Clock clock = Clock.systemUTC();
        KafkaClients nobody = new KafkaClients(configuration.kafka().bootstrapServers());
        String topic = configuration.kafka().topics().health();
        return new Services(
                users,
                noLog,
                noLog,
                new NoItemLog(),
                new ItemRegistry(timers),
                models,
                StoredHistories.in(new VersionHistories(store), timers),
                new CurrentLifecycle(new NodeFeed(() -> nobody.consumer("nobody"), topic, "front", models, clock)),
                new HealthFeed(() -> nobody.consumer("nobody"), topic),
                () -> AuditPass.NONE,
                predictions(configuration, metrics),
                configuration.models(),
                List.of(),
                new ForgettingTerms(configuration.forgetting().within(), Optional.of("there is no log")),
                new ImpressionKeys(List.of(new byte[KEY_BYTES]), clock),
                clock,
                metrics);
    }

    private static PredictionCaches predictions(VeloxConfiguration configuration, PrometheusMeterRegistry metrics) {
        PredictionCaches predictions = new PredictionCaches(
                configuration.serving().predictionCache(),
                configuration.models().keySet(),
                1024L * configuration.serving().predictionCacheKib(),
                configuration.serving().predictionTolerance(),
                System::nanoTime);
        predictions.bindTo(metrics);
        return predictions;
    }

    private static VeloxException noLog() {
        return new VeloxException(ErrorCode.LOG_UNAVAILABLE, "there is no log behind this node");
    }

    /** Takes no registrations. */
    private static final class NoItemLog implements ItemLog {
        @Override
        public CompletableFuture<List<Long>> append(List<ItemRecord> records) {
            return CompletableFuture.failedFuture(noLog());
        }

        @Override
        public CompletableFuture<Long> remove(ItemKey item) {
            return CompletableFuture.failedFuture(noLog());
        }
    }
}
