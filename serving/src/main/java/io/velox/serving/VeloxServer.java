package io.velox.serving;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.Topics;
import io.velox.core.store.ModelStore;
import io.velox.core.store.VersionHistories;
import io.velox.core.user.UserModelReader;
import io.velox.serving.access.AccessControl;
import io.velox.serving.features.FeatureCache;
import io.velox.serving.features.FeatureTables;
import io.velox.serving.features.StorePool;
import io.velox.serving.features.WarmSets;
import io.velox.serving.forgetting.Forgetting;
import io.velox.serving.forgetting.ForgettingTerms;
import io.velox.serving.http.ApiServer;
import io.velox.serving.http.Services;
import io.velox.serving.http.Services.ReadinessCheck;
import io.velox.serving.lifecycle.CatalogueFeed;
import io.velox.serving.lifecycle.CatalogueWriter;
import io.velox.serving.lifecycle.HealthFeed;
import io.velox.serving.lifecycle.LifecyclePorts;
import io.velox.serving.lifecycle.LoadedModels;
import io.velox.serving.lifecycle.ModelLifecycle;
import io.velox.serving.lifecycle.StoredHistories;
import io.velox.serving.lifecycle.Trainer;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.KafkaLogTail;
import io.velox.serving.log.KafkaObservationLog;
import io.velox.serving.log.TopicCheck;
import io.velox.serving.log.TopicSetup;
import io.velox.serving.log.UserPartitions;
import io.velox.serving.users.UserFeed;
import io.velox.serving.users.UserModels;
import io.velox.state.QueryableUserModelReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A serving node: reads users and models, appends to the log, runs the lifecycle, and answers over HTTP. */
public final class VeloxServer implements AutoCloseable {
    private static final Duration STEP_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SEND_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE_WITH_A_REPLAY = Duration.ofHours(1);
    private static final int MAX_OUTSTANDING_RECORDS = 100_000;
    /** More than all imports at once can have on their way, each of which has its own bound. */
    private static final int MAX_OUTSTANDING_BULK_RECORDS = 200_000;

    private static final int MAX_WAITING_STORE_READS = 100;
    private static final int MAX_WAITING_REBASES = 16;

    /** They wait for the store rather than compute. */
    private static final int FEATURE_READERS = 8;

    private static final int MAX_WAITING_READS = 1024;
    private static final Duration FEATURE_PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_WAITING_SCANS = 16;
    private static final Duration SCAN_PATIENCE = Duration.ofSeconds(60);
    private static final Duration WARMING_INTERVAL = Duration.ofSeconds(10);
    private static final Duration PATIENCE_WITH_WARMING = Duration.ofSeconds(60);

    private final Opened opened;
    private final VeloxConfiguration configuration;
    private final AccessControl access;
    private final ApiServer api;

    private VeloxServer(Opened opened, VeloxConfiguration configuration, AccessControl access, ApiServer api) {
        this.opened = opened;
        this.configuration = configuration;
        this.access = access;
        this.api = api;
    }

    /**
     * Starts a node. The topics are created if need be; the API is up when this returns, and reports when the node is ready. Blocks.
     *
     * @param trainer closed with the node
     * @throws VeloxException {@code INVALID_CONFIGURATION}, {@code LOG_UNAVAILABLE}, {@code STORE_UNAVAILABLE}
     */
    public static VeloxServer start(VeloxConfiguration configuration, Trainer trainer) {
        Opened opened = new Opened();
        try {
            opened.add(trainer);
            Vertx vertx = Vertx.vertx();
            opened.add(() -> await(vertx.close(), "the event loops end"));
            AccessControl access = AccessControl.open(
                            vertx, configuration.serving(), configuration.access(), System::nanoTime)
                    .watch(opened.addExecutor(Threads.scheduled("access-files", 1)));
            Services services = assemble(configuration, trainer, opened);
            ApiServer api = await(ApiServer.start(vertx, configuration.serving(), access, services), "the API listens");
            opened.add(() -> await(api.close(), "the API stops"));
            return new VeloxServer(opened, configuration, access, api);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Where the API listens, as seen from this machine. */
    public URI api() {
        return address(configuration.access().hasTls(), configuration.serving().host(), api.port());
    }

    /** Where health and metrics are, as seen from this machine. */
    public URI management() {
        return address(
                configuration.access().hasTls() && access.isManagementExposed(),
                access.managementHost(),
                api.managementPort());
    }

    private static URI address(boolean hasTls, String host, int port) {
        String reachable = host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "::1" : host;
        return URI.create((hasTls ? "https" : "http") + "://"
                + (reachable.contains(":") ? "[" + reachable + "]" : reachable) + ":" + port);
    }

    private static Services assemble(VeloxConfiguration configuration, Trainer trainer, Opened opened) {
        KafkaConfiguration kafka = configuration.kafka();
        KafkaClients clients = new KafkaClients(kafka.bootstrapServers());
        Topics topics = kafka.topics();
        UserPartitions partitions = new UserPartitions(kafka.epoch(), kafka.partitions());
        Clock clock = Clock.systemUTC();
        TopicSetup.ensure(configuration);
        ModelStore store = opened.add(ModelStore.open(
                URI.create(configuration.store().root()), configuration.store().hadoop()));

        Executor storeReader = opened.addExecutor(Threads.single("store-reader", MAX_WAITING_STORE_READS));
        FeatureCache features = new FeatureCache(
                1024L * configuration.serving().featureCacheKib(),
                new StorePool(
                        opened.addExecutor(Threads.fixed("feature-reader", FEATURE_READERS, MAX_WAITING_READS)),
                        FEATURE_PATIENCE));
        WarmSets warmSets =
                new WarmSets(features, opened.addExecutor(Threads.scheduled("feature-warmer", 1)), WARMING_INTERVAL);
        LoadedModels models = new LoadedModels(
                store,
                new FeatureTables(
                        store,
                        1024L * configuration.serving().featureMemoryKib(),
                        features,
                        new StorePool(
                                opened.addExecutor(Threads.fixed(
                                        "catalogue-scan",
                                        Runtime.getRuntime().availableProcessors(),
                                        MAX_WAITING_SCANS)),
                                SCAN_PATIENCE),
                        warmSets),
                PATIENCE_WITH_WARMING,
                opened.addExecutor(Threads.scheduled("model-loader", 1)),
                storeReader);
        CatalogueWriter catalogue = opened.add(new CatalogueWriter(
                () -> clients.transactionalProducer("velox-lifecycle", CatalogueWriter.TRANSACTIONAL_ID),
                topics.catalogue()));
        // Fences whoever wrote before, so that what is read then is the last word.
        catalogue.begin();
        CatalogueFeed catalogueFeed = opened.add(
                new CatalogueFeed(() -> clients.consumer("velox-catalogue-feed"), topics.catalogue(), models::accept));
        await(catalogueFeed.start().ready(), "the catalogue is read", ErrorCode.LOG_UNAVAILABLE);

        HealthFeed health = opened.add(new HealthFeed(() -> clients.consumer("velox-health-feed"), topics.health()))
                .start();
        KafkaObservationLog log = opened.add(new KafkaObservationLog(
                clients.observationProducer("velox-observation-log"),
                topics.observations(),
                partitions,
                MAX_OUTSTANDING_RECORDS,
                SEND_PATIENCE));
        KafkaObservationLog bulkLog = opened.add(new KafkaObservationLog(
                clients.bulkProducer("velox-bulk-log"),
                topics.observations(),
                partitions,
                MAX_OUTSTANDING_BULK_RECORDS,
                SEND_PATIENCE));
        KafkaLogTail tail =
                new KafkaLogTail(() -> clients.consumer("velox-log-tail"), topics.observations(), partitions);
        LifecyclePorts ports = new LifecyclePorts(catalogue::write, store, models, health, log, tail, trainer, clock);
        ModelLifecycle lifecycle = opened.add(new ModelLifecycle(
                ports,
                configuration.models(),
                configuration.lifecycle(),
                models.entries(),
                configuration.retrain().rebaseWindow(),
                opened.addExecutor(Threads.scheduled("lifecycle", 1)),
                opened.addExecutor(Threads.single("rebase", MAX_WAITING_REBASES))));

        ScheduledExecutorService timers = opened.addExecutor(Threads.scheduled("user-reads", 2));
        UserModelReader reader = opened.add(new QueryableUserModelReader(
                List.of(configuration.queryableState().proxies().split(",")),
                health::jobId,
                Duration.ofMillis(configuration.queryableState().timeoutMs())));
        UserModels users = new UserModels(
                reader, stateBreaker(), partitions, configuration.serving().userCacheEntries(), timers);
        UserFeed userFeed = opened.add(new UserFeed(
                        () -> clients.consumer("velox-user-feed"), topics.userUpdates(), List.of(users, lifecycle)))
                .start();
        StateProbe probe = new StateProbe(reader, timers).start();
        JobCatchUp catchUp = new JobCatchUp(tail.lastRecords(), reader, timers, PATIENCE_WITH_A_REPLAY).start();
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        users.bindTo(metrics);
        features.bindTo(metrics);
        warmSets.bindTo(metrics);
        ComingModels coming = new ComingModels(configuration.models(), models, lifecycle::isSettled);
        ScheduledExecutorService forgetting = opened.addExecutor(Threads.scheduled("forgetting", 1));
        Forgetting forgetter = Forgetting.of(
                        configuration, clients, store, tail, models, lifecycle, trainer, clock, forgetting)
                .bindTo(metrics);
        // A rebase record whose update the feed does not see would be waited for in vain.
        var unused = userFeed.ready().thenRun(lifecycle::start).thenRun(forgetter::start);

        List<ReadinessCheck> checks = List.of(
                new ReadinessCheck("user-updates", () -> trouble(userFeed.ready(), "the feed of user updates")),
                new ReadinessCheck("job-health", () -> trouble(health.ready(), "the feed of the job's health")
                        .or(() -> health.jobId().isPresent()
                                ? Optional.empty()
                                : Optional.of("the job has not reported yet"))),
                new ReadinessCheck("job-state", probe::trouble),
                new ReadinessCheck("models-coming", coming::trouble),
                new ReadinessCheck("job-caught-up", catchUp::trouble));
        ForgettingTerms terms = new ForgettingTerms(
                configuration.forgetting().within(), TopicCheck.obstacleToForgetting(clients, topics.observations()));
        return new Services(
                users,
                log,
                bulkLog,
                models,
                StoredHistories.in(new VersionHistories(store), storeReader),
                lifecycle,
                health,
                configuration.models(),
                checks,
                terms,
                clock,
                metrics);
    }

    /** Opens when half of the last queries failed, and asks again after a second. */
    private static CircuitBreaker stateBreaker() {
        return CircuitBreaker.of(
                "user-state",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(20)
                        .minimumNumberOfCalls(5)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(Duration.ofSeconds(1))
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .build());
    }

    private static Optional<String> trouble(CompletableFuture<Void> ready, String what) {
        if (ready.isCompletedExceptionally()) {
            return Optional.of(what + " has ended");
        }
        return ready.isDone() ? Optional.empty() : Optional.of(what + " is not positioned yet");
    }

    private static <T> T await(Future<T> future, String what) {
        return await(future.toCompletionStage().toCompletableFuture(), what, ErrorCode.INTERNAL);
    }

    /** Blocks until it is done; {@code code} is for a failure that has no name of its own. */
    private static <T> T await(CompletableFuture<T> future, String what, ErrorCode code) {
        try {
            return future.get(STEP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof VeloxException cause
                    ? cause
                    : new VeloxException(code, "failed before " + what + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new VeloxException(code, "waited " + STEP_TIMEOUT + " in vain until " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VeloxException(code, "interrupted before " + what, e);
        }
    }

    @Override
    public void close() {
        opened.close();
    }
}
