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
import io.velox.core.store.ImpressionKeyFiles;
import io.velox.core.store.ModelStore;
import io.velox.core.store.VersionHistories;
import io.velox.core.user.UserModelReader;
import io.velox.serving.access.AccessControl;
import io.velox.serving.explore.ImpressionKeys;
import io.velox.serving.features.ComputedFeatureCache;
import io.velox.serving.features.FeatureCache;
import io.velox.serving.features.FeatureTables;
import io.velox.serving.features.FeatureWarmer;
import io.velox.serving.features.StorePool;
import io.velox.serving.forgetting.ForgettingTerms;
import io.velox.serving.health.Audit;
import io.velox.serving.health.HealthHistoryWriter;
import io.velox.serving.health.HealthMetrics;
import io.velox.serving.http.ApiServer;
import io.velox.serving.http.Services;
import io.velox.serving.http.Services.ReadinessCheck;
import io.velox.serving.items.ItemFeed;
import io.velox.serving.items.ItemRegistry;
import io.velox.serving.lifecycle.CatalogueFeed;
import io.velox.serving.lifecycle.CurrentLifecycle;
import io.velox.serving.lifecycle.HealthFeed;
import io.velox.serving.lifecycle.LifecycleRole;
import io.velox.serving.lifecycle.LoadedModels;
import io.velox.serving.lifecycle.ModelLifecycle;
import io.velox.serving.lifecycle.NodeFeed;
import io.velox.serving.lifecycle.NodeReporter;
import io.velox.serving.lifecycle.StoredHistories;
import io.velox.serving.lifecycle.Trainer;
import io.velox.serving.log.KafkaClients;
import io.velox.serving.log.KafkaItemLog;
import io.velox.serving.log.KafkaLogTail;
import io.velox.serving.log.KafkaObservationLog;
import io.velox.serving.log.TopicCheck;
import io.velox.serving.log.TopicSetup;
import io.velox.serving.log.UserPartitions;
import io.velox.serving.predict.PredictionCaches;
import io.velox.serving.users.UserFeed;
import io.velox.serving.users.UserModels;
import io.velox.state.QueryableUserModelReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** A serving node: reads users and models, appends to the log, runs the lifecycle, and answers over HTTP. */
public final class VeloxServer implements AutoCloseable {
    private static final Duration SEND_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE_WITH_A_REPLAY = Duration.ofHours(1);
    private static final int MAX_OUTSTANDING_RECORDS = 100_000;
    /** More than all imports at once can have on their way, each of which has its own bound. */
    private static final int MAX_OUTSTANDING_BULK_RECORDS = 200_000;

    private static final int MAX_WAITING_DOCUMENTS = 100;
    /** Of the only node, in the group of nodes and in its reports. */
    private static final String ALONE = "alone";

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
     * Starts the only node of its log, which has the lifecycle's role at once, also after its former self was killed. As {@link #start}
     * else.
     */
    public static VeloxServer startAlone(VeloxConfiguration configuration, Trainer trainer) {
        return start(configuration, trainer, ALONE);
    }

    /**
     * Starts a node. The topics are created if need be; the API is up when this returns, and reports when the node is ready. Blocks.
     *
     * @param trainer closed with the node
     * @throws VeloxException {@code INVALID_CONFIGURATION}, {@code LOG_UNAVAILABLE}, {@code STORE_UNAVAILABLE}
     */
    public static VeloxServer start(VeloxConfiguration configuration, Trainer trainer) {
        return start(configuration, trainer, UUID.randomUUID().toString());
    }

    private static VeloxServer start(VeloxConfiguration configuration, Trainer trainer, String node) {
        Opened opened = new Opened();
        try {
            opened.add(trainer);
            Vertx vertx = Vertx.vertx();
            opened.add(() -> await(vertx.close(), "the event loops end"));
            AccessControl access = AccessControl.open(
                            vertx, configuration.serving(), configuration.access(), System::nanoTime)
                    .watch(opened.addExecutor(Threads.scheduled("access-files", 1)));
            Assembled assembled = assemble(configuration, trainer, node, opened);
            ApiServer api = await(
                    ApiServer.start(vertx, configuration.serving(), access, assembled.services()), "the API listens");
            opened.add(() -> await(api.close(), "the API stops"));
            VeloxServer server = new VeloxServer(opened, configuration, access, api);
            assembled.reporting().accept(server.advertised());
            return server;
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

    /** Where the API listens, as other machines see it, if they do. */
    private String advertised() {
        String host = configuration.serving().host();
        boolean isEverywhere = host.equals("0.0.0.0") || host.equals("::");
        return isEverywhere
                ? address(configuration.access().hasTls(), hostName(), api.port())
                        .toString()
                : api().toString();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress().getHostAddress();
        }
    }

    private static URI address(boolean hasTls, String host, int port) {
        String reachable = host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "::1" : host;
        return URI.create((hasTls ? "https" : "http") + "://"
                + (reachable.contains(":") ? "[" + reachable + "]" : reachable) + ":" + port);
    }

    /** The parts of a node; {@code reporting} begins to report it to the others under the address of its API. */
    private record Assembled(Services services, Consumer<String> reporting) {}

    private static Assembled assemble(VeloxConfiguration configuration, Trainer trainer, String node, Opened opened) {
        KafkaConfiguration kafka = configuration.kafka();
        KafkaClients clients = new KafkaClients(kafka.bootstrapServers());
        Topics topics = kafka.topics();
        UserPartitions partitions = new UserPartitions(kafka.epoch(), kafka.partitions());
        Clock clock = Clock.systemUTC();
        TopicSetup.ensure(configuration);
        ModelStore store = opened.add(ModelStore.open(
                URI.create(configuration.store().root()), configuration.store().hadoop()));

        Executor documentReader = opened.addExecutor(Threads.single("document-reader", MAX_WAITING_DOCUMENTS));
        FeatureCache features = new FeatureCache(
                1024L * configuration.serving().featureCacheKib(),
                new StorePool(
                        opened.addExecutor(Threads.fixed("feature-reader", FEATURE_READERS, MAX_WAITING_READS)),
                        FEATURE_PATIENCE));
        FeatureWarmer warmer = new FeatureWarmer(
                features, opened.addExecutor(Threads.scheduled("feature-warmer", 1)), WARMING_INTERVAL);
        ItemRegistry items = new ItemRegistry(opened.addExecutor(Threads.scheduled("provisional-items", 1)));
        ItemFeed itemFeed = opened.add(
                        ItemFeed.ofRegistrations(() -> clients.consumer("velox-item-feed"), topics.items(), items))
                .start();
        opened.add(ItemFeed.ofUpdates(() -> clients.consumer("velox-item-update-feed"), topics.itemUpdates(), items))
                .start();
        ComputedFeatureCache computed =
                new ComputedFeatureCache(1024L * configuration.serving().computedCacheKib());
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
                        warmer,
                        computed),
                items,
                PATIENCE_WITH_WARMING,
                opened.addExecutor(Threads.scheduled("model-loader", 1)),
                documentReader);
        CatalogueFeed catalogueFeed = opened.add(
                new CatalogueFeed(() -> clients.consumer("velox-catalogue-feed"), topics.catalogue(), models::accept));
        Waits.await(catalogueFeed.start().ready(), "the catalogue is read", ErrorCode.LOG_UNAVAILABLE);
        ModelLifecycle.checkKinds(configuration.models(), models.entries());

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
        KafkaItemLog itemLog = opened.add(new KafkaItemLog(
                clients.observationProducer("velox-item-log"), topics.items(), MAX_OUTSTANDING_RECORDS, SEND_PATIENCE));
        KafkaLogTail tail =
                new KafkaLogTail(() -> clients.consumer("velox-log-tail"), topics.observations(), partitions);
        NodeFeed nodes = opened.add(
                        new NodeFeed(() -> clients.consumer("velox-node-feed"), topics.health(), node, models, clock))
                .start();
        CurrentLifecycle lifecycle = new CurrentLifecycle(nodes);

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
        computed.bindTo(metrics);
        PredictionCaches predictions = new PredictionCaches(
                configuration.serving().predictionCache(),
                configuration.models().keySet(),
                1024L * configuration.serving().predictionCacheKib(),
                configuration.serving().predictionTolerance(),
                System::nanoTime);
        predictions.bindTo(metrics);
        predictions.start(
                opened.addExecutor(Threads.scheduled("prediction-cache", 1)),
                version -> models.loaded(version).isPresent());
        LifecycleTerm.Parts parts = new LifecycleTerm.Parts(
                configuration,
                clients,
                store,
                items,
                models,
                health,
                nodes,
                log,
                tail,
                trainer,
                clock,
                metrics,
                CompletableFuture.allOf(userFeed.ready(), nodes.ready(), itemFeed.ready()),
                lifecycle);
        opened.add(new LifecycleRole(
                        () -> clients.member(
                                "velox-lifecycle-role", topics.lifecycle(), node.equals(ALONE) ? ALONE : ""),
                        topics.catalogue(),
                        () -> LifecycleTerm.begin(parts)))
                .start();
        ComingModels coming = new ComingModels(
                configuration.models(), models, new Settled(configuration.models(), models, lifecycle, nodes));
        Audit audit = new Audit(
                size -> users.sample(size, ThreadLocalRandom.current()),
                users,
                models,
                configuration.health().auditUsers(),
                clock);
        audit.start(opened.addExecutor(Threads.scheduled("audit", 1)));
        HealthHistoryWriter history = opened.add(new HealthHistoryWriter(
                health, audit::last, clients.observationProducer("velox-health-history"), topics.health(), clock));
        HealthMetrics healthMetrics = new HealthMetrics(health, models, audit::last, clock, metrics);
        startWhenRead(health, history, healthMetrics, opened.addExecutor(Threads.scheduled("health-history", 1)));

        List<ReadinessCheck> checks = List.of(
                new ReadinessCheck("user-updates", () -> trouble(userFeed.ready(), "the feed of user updates")),
                new ReadinessCheck("items", () -> trouble(itemFeed.ready(), "the feed of items")),
                new ReadinessCheck("job-health", () -> trouble(health.ready(), "the feed of the job's health")
                        .or(() -> health.jobId().isPresent()
                                ? Optional.empty()
                                : Optional.of("the job has not reported yet"))),
                new ReadinessCheck("job-state", probe::trouble),
                new ReadinessCheck("models-coming", coming::trouble),
                new ReadinessCheck("job-caught-up", catchUp::trouble));
        ForgettingTerms terms = new ForgettingTerms(
                configuration.forgetting().within(), TopicCheck.obstacleToForgetting(clients, topics.observations()));
        Services services = new Services(
                users,
                log,
                bulkLog,
                itemLog,
                items,
                models,
                StoredHistories.in(new VersionHistories(store), documentReader),
                lifecycle,
                health,
                audit::last,
                predictions,
                configuration.models(),
                checks,
                terms,
                ImpressionKeys.following(
                        new ImpressionKeyFiles(store),
                        clock,
                        opened.addExecutor(Threads.scheduled("impression-keys", 1))),
                clock,
                metrics);
        return new Assembled(services, address -> opened.add(new NodeReporter(
                        clients.observationProducer("velox-node-report"),
                        topics.health(),
                        node,
                        address,
                        models,
                        lifecycle::isHere,
                        nodes,
                        clock))
                .start(opened.addExecutor(Threads.scheduled("node-report", 1))));
    }

    /** What was written before is what the next minute is counted from. */
    private static void startWhenRead(
            HealthFeed health, HealthHistoryWriter history, HealthMetrics metrics, ScheduledExecutorService executor) {
        var unused = health.ready().thenRun(() -> {
            history.start(executor);
            metrics.start(executor);
        });
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
        return Waits.await(future.toCompletionStage().toCompletableFuture(), what, ErrorCode.INTERNAL);
    }

    @Override
    public void close() {
        opened.close();
    }
}
