package io.velox.serving.http;

import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.serving.access.AccessControl;
import io.velox.serving.access.Reloaded;
import io.velox.serving.admission.Refusals;
import io.velox.serving.http.Connections.Limits;
import io.velox.serving.predict.CpuPool;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP servers of a serving node: the API, with one verticle per core that share a port, and the management port. Safe for use
 * from any thread.
 */
public final class ApiServer {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int QUEUED_PER_THREAD = 64;
    /** To Vert.x a negative port is any free one, and the same one for all servers that give the same negative number. */
    private static final AtomicInteger FREE_PORTS = new AtomicInteger();

    /** Without a byte in either direction. */
    private static final int IDLE_SECONDS = 120;

    /** Two ids of 256 characters in one path, each three bytes of UTF-8, each byte percent-encoded. */
    private static final int MAX_REQUEST_LINE = 16 << 10;

    /** All headers of a request together. */
    private static final int MAX_HEADERS = 8 << 10;

    private final Vertx vertx;
    private final CpuPool cpu;
    private final List<String> deployments = new ArrayList<>();
    private int port;
    private int managementPort;

    private ApiServer(Vertx vertx, CpuPool cpu) {
        this.vertx = vertx;
        this.cpu = cpu;
    }

    /** Starts both servers; the future fails when a port is taken, and nothing is left running then. */
    public static Future<ApiServer> start(
            Vertx vertx, ServingConfiguration configuration, AccessControl access, Services services) {
        CpuPool cpu = cpuPool();
        Routes routes = Routes.of(services, configuration, cpu);
        return start(vertx, configuration, access, Limits.of(access.maxConnections()), services, cpu, routes);
    }

    /**
     * As {@link #start}, for benchmarks: {@code predict} reads and checks its requests as ever, and answers all as it answered the first,
     * so that what is left is the cost of everything but the prediction.
     */
    public static Future<ApiServer> startRepeatingPredictions(
            Vertx vertx, ServingConfiguration configuration, AccessControl access, Services services) {
        CpuPool cpu = cpuPool();
        Routes routes = Routes.of(services, configuration, cpu).repeatingPredictions();
        return start(vertx, configuration, access, Limits.of(access.maxConnections()), services, cpu, routes);
    }

    private static CpuPool cpuPool() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new CpuPool(cores, cores * QUEUED_PER_THREAD);
    }

    /** Starts both servers with a pool that is the server's from now on. */
    static Future<ApiServer> start(
            Vertx vertx,
            ServingConfiguration configuration,
            AccessControl access,
            Limits connections,
            Services services,
            CpuPool cpu,
            Routes routes) {
        int cores = Runtime.getRuntime().availableProcessors();
        ApiServer server = new ApiServer(vertx, cpu);
        RequestMetrics metrics = new RequestMetrics(services.metrics());
        Handler<HttpServerRequest> api =
                new ApiHandler(vertx, access.gate(), routes, cpu, metrics, 1024L * configuration.maxBodyKib());
        Handler<HttpServerRequest> management = new ManagementHandler(vertx, access, services);
        Optional<Reloaded<ServerSSLOptions>> tls = access.certificate();
        Refusals refusals = new Refusals(Admission.rendered(), services.metrics());
        Future<ApiServer> started = server.deploy(
                        new Listener(
                                configuration.host(),
                                configuration.port(),
                                tls,
                                connections,
                                new Admission.Terms(configuration.overloadDelay(), refusals)),
                        cores,
                        api)
                .compose(port -> {
                    server.port = port;
                    // On this machine health is asked by what knows no certificate.
                    Optional<Reloaded<ServerSSLOptions>> managementTls =
                            access.isManagementExposed() ? tls : Optional.empty();
                    return server.deploy(
                            new Listener(
                                    access.managementHost(),
                                    configuration.managementPort(),
                                    managementTls,
                                    connections,
                                    // What an operator looks at to see an overload.
                                    new Admission.Terms(Duration.ZERO, refusals)),
                            1,
                            management);
                })
                .map(port -> {
                    server.managementPort = port;
                    return server;
                });
        return started.recover(e -> server.close().transform(closed -> Future.failedFuture(e)));
    }

    /** The port that the API listens on. */
    public int port() {
        return port;
    }

    /** The port that health and metrics listen on. */
    public int managementPort() {
        return managementPort;
    }

    /** Stops listening, closes connections, ends the workers. */
    public Future<Void> close() {
        List<Future<Void>> ended = deployments.stream().map(vertx::undeploy).toList();
        return Future.join(ended).transform(done -> {
            cpu.close();
            return done.succeeded() ? Future.succeededFuture() : Future.failedFuture(done.cause());
        });
    }

    private Future<Integer> deploy(Listener listener, int instances, Handler<HttpServerRequest> handler) {
        Optional<ServerSSLOptions> certificate = listener.tls.map(Reloaded::current);
        HttpServerOptions options = listener.options(certificate);
        AtomicReference<@Nullable HttpServer> bound = new AtomicReference<>();
        AtomicInteger count = new AtomicInteger();
        return vertx.deployVerticle(
                        () -> new HttpVerticle(options, listener, handler, bound, count),
                        new DeploymentOptions().setInstances(instances))
                .map(id -> {
                    deployments.add(id);
                    HttpServer server = Objects.requireNonNull(bound.get());
                    certificate.ifPresent(used -> followCertificate(server, listener.tls.orElseThrow(), used));
                    return server.actualPort();
                });
    }

    /** One server stands for all that share its port; two updates at a time are more than Vert.x can take. */
    private static void followCertificate(
            HttpServer server, Reloaded<ServerSSLOptions> certificate, ServerSSLOptions used) {
        certificate.onChange(now -> renew(server, now));
        if (!certificate.current().equals(used)) {
            renew(server, certificate.current());
        }
    }

    private static void renew(HttpServer server, ServerSSLOptions certificate) {
        server.updateSSLOptions(certificate)
                .onFailure(e -> LOG.error("the new certificate is not taken up: {}", e.toString()));
    }

    /** Where and how a server listens. */
    private record Listener(
            String host,
            int port,
            Optional<Reloaded<ServerSSLOptions>> tls,
            Limits connections,
            Admission.Terms admission) {
        HttpServerOptions options(Optional<ServerSSLOptions> certificate) {
            HttpServerOptions options = new HttpServerOptions()
                    .setHost(host)
                    .setPort(port == 0 ? FREE_PORTS.decrementAndGet() : port)
                    .setMaxInitialLineLength(MAX_REQUEST_LINE)
                    .setMaxHeaderSize(MAX_HEADERS)
                    // Without TLS nobody speaks HTTP/2, and a connection would count only after its first request.
                    .setHttp2ClearTextEnabled(false)
                    .setHandle100ContinueAutomatically(true)
                    .setIdleTimeout(IDLE_SECONDS)
                    .setIdleTimeoutUnit(TimeUnit.SECONDS);
            certificate.ifPresent(c -> options.setSsl(true).setUseAlpn(true).setKeyCertOptions(c.getKeyCertOptions()));
            return options;
        }
    }

    /** One event loop's share of a server. */
    private static final class HttpVerticle extends VerticleBase {
        private final HttpServerOptions options;
        private final Listener listener;
        private final Handler<HttpServerRequest> handler;
        private final AtomicReference<@Nullable HttpServer> bound;
        private final AtomicInteger count;

        HttpVerticle(
                HttpServerOptions options,
                Listener listener,
                Handler<HttpServerRequest> handler,
                AtomicReference<@Nullable HttpServer> bound,
                AtomicInteger count) {
            this.options = options;
            this.listener = listener;
            this.handler = handler;
            this.bound = bound;
            this.count = count;
        }

        @Override
        public Future<?> start() {
            Connections connections = new Connections(vertx, listener.connections, count);
            connections.start();
            Admission admission = new Admission(vertx, listener.admission, connections);
            HttpServer server = vertx.createHttpServer(options)
                    .connectionHandler(admission::opened)
                    .requestHandler(connections.watching(admission.before(handler)))
                    .invalidRequestHandler(new InvalidRequestHandler());
            return server.listen().onSuccess(listening -> bound.compareAndSet(null, listening));
        }
    }
}
