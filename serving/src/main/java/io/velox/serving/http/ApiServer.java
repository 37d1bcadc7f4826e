package io.velox.serving.http;

import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.serving.predict.CpuPool;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The HTTP servers of a serving node: the API, with one verticle per core that share a port, and the management port. Safe for use
 * from any thread.
 */
public final class ApiServer {
    private static final int QUEUED_PER_THREAD = 64;
    /** To Vert.x a negative port is any free one, and the same one for all servers that give the same negative number. */
    private static final AtomicInteger FREE_PORTS = new AtomicInteger();

    private static final int IDLE_SECONDS = 120;

    /** Two ids of 256 characters in one path, each three bytes of UTF-8, each byte percent-encoded. */
    private static final int MAX_REQUEST_LINE = 16 << 10;

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
    public static Future<ApiServer> start(Vertx vertx, ServingConfiguration configuration, Services services) {
        int cores = Runtime.getRuntime().availableProcessors();
        return start(vertx, configuration, services, new CpuPool(cores, cores * QUEUED_PER_THREAD));
    }

    /** Starts both servers with a pool that is the server's from now on. */
    static Future<ApiServer> start(Vertx vertx, ServingConfiguration configuration, Services services, CpuPool cpu) {
        int cores = Runtime.getRuntime().availableProcessors();
        ApiServer server = new ApiServer(vertx, cpu);
        Routes routes = Routes.of(services, configuration, cpu);
        RequestMetrics metrics = new RequestMetrics(services.metrics());
        Handler<HttpServerRequest> api =
                new ApiHandler(vertx, routes, cpu, metrics, 1024L * configuration.maxBodyKib());
        Future<ApiServer> started = server.deploy(configuration.port(), cores, configuration, api)
                .compose(port -> {
                    server.port = port;
                    return server.deploy(
                            configuration.managementPort(), 1, configuration, new ManagementHandler(vertx, services));
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

    private Future<Integer> deploy(
            int wanted, int instances, ServingConfiguration configuration, Handler<HttpServerRequest> handler) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(configuration.host())
                .setPort(wanted == 0 ? FREE_PORTS.decrementAndGet() : wanted)
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setHandle100ContinueAutomatically(true)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        AtomicInteger bound = new AtomicInteger();
        return vertx.deployVerticle(
                        () -> new HttpVerticle(options, handler, bound),
                        new DeploymentOptions().setInstances(instances))
                .map(id -> {
                    deployments.add(id);
                    return bound.get();
                });
    }

    /** One event loop's share of a server. */
    private static final class HttpVerticle extends VerticleBase {
        private final HttpServerOptions options;
        private final Handler<HttpServerRequest> handler;
        private final AtomicInteger bound;

        HttpVerticle(HttpServerOptions options, Handler<HttpServerRequest> handler, AtomicInteger bound) {
            this.options = options;
            this.handler = handler;
            this.bound = bound;
        }

        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(options)
                    .requestHandler(handler)
                    .invalidRequestHandler(new InvalidRequestHandler());
            return server.listen().onSuccess(listening -> bound.set(listening.actualPort()));
        }
    }
}
