package io.velox.serving.http;

import static io.velox.serving.access.Role.ADMIN;
import static io.velox.serving.access.Role.OBSERVE;
import static io.velox.serving.access.Role.READ;
import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.serving.bulk.BulkMetrics;
import io.velox.serving.explore.Exploring;
import io.velox.serving.predict.CachingScorer;
import io.velox.serving.predict.CpuPool;
import io.velox.serving.predict.KnownUsers;
import io.velox.serving.predict.Predictor;
import io.velox.serving.predict.Scorer;
import io.velox.serving.predict.ServedModels;
import io.velox.serving.predict.SimilarItems;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The routes of the API, with the role that each needs; {@code openapi.yaml} describes the same, and a test holds the two together.
 * Immutable.
 */
final class Routes {
    private final List<Route> routes;

    private Routes(List<Route> routes) {
        this.routes = routes;
    }

    static Routes of(Services s, ServingConfiguration limits, CpuPool cpu) {
        ServedModels models = new ServedModels(s.models(), s.declared());
        Predictor predictor = new Predictor(s.users(), models, knownUsers(s, limits), cpu);
        Scorer scorer = new Scorer(cpu);
        Exploring exploring = new Exploring(scorer, ThreadLocalRandom::current);
        ObservationReader reader = new ObservationReader(models, s.impressions(), s.clock());
        ForgettingAnswer forgetting = new ForgettingAnswer(s.log(), s.forgetting(), s.clock());
        Set<String> none = Set.of();
        return new Routes(List.of(
                new Route(
                        POST,
                        "/v1/models/{model}/predict",
                        "predict",
                        READ,
                        none,
                        new Predict(models, predictor, new CachingScorer(scorer, s.predictions()), limits)),
                new Route(
                        POST,
                        "/v1/models/{model}/topk",
                        "topk",
                        READ,
                        none,
                        new RankTop(models, predictor, scorer, exploring, s.impressions(), limits)),
                new Route(POST, "/v1/observe", "observe", OBSERVE, none, new Observe(reader, s.log(), limits)),
                new Route(
                        POST,
                        "/v1/observe/bulk",
                        "observeBulk",
                        OBSERVE,
                        Set.of("name", "first-line"),
                        new ObserveBulk(reader, s.bulkLog(), new BulkMetrics(s.metrics()))),
                new Route(GET, "/v1/models", "listModels", READ, none, new ListModels(models)),
                new Route(GET, "/v1/models/{model}", "getModel", READ, none, new GetModel(models)),
                new Route(GET, "/v1/models/{model}/versions", "listVersions", READ, none, new ListVersions(models)),
                new Route(
                        GET,
                        "/v1/models/{model}/versions/{version}",
                        "getVersion",
                        READ,
                        none,
                        new GetVersion(models, s.models(), cpu)),
                new Route(
                        GET,
                        "/v1/models/{model}/versions/{version}/history",
                        "getVersionHistory",
                        READ,
                        none,
                        new GetVersionHistory(models, s.histories())),
                new Route(
                        GET,
                        "/v1/models/{model}/health",
                        "getModelHealth",
                        READ,
                        Set.of("minutes"),
                        new GetModelHealth(models, s.models(), s.health(), s.audit(), s.clock())),
                new Route(
                        GET,
                        "/v1/models/{model}/items/{item}",
                        "getItem",
                        READ,
                        Set.of("version"),
                        new GetItem(models)),
                new Route(
                        GET,
                        "/v1/models/{model}/items/{item}/similar",
                        "findSimilar",
                        READ,
                        Set.of("version", FindSimilar.K),
                        new FindSimilar(models, new SimilarItems(cpu), limits)),
                new Route(
                        POST,
                        "/v1/models/{model}/items",
                        "registerItems",
                        OBSERVE,
                        none,
                        new RegisterItems(models, s.itemLog(), s.items(), limits, s.clock())),
                new Route(
                        DELETE,
                        "/v1/models/{model}/items/{item}",
                        "unregisterItem",
                        OBSERVE,
                        none,
                        new UnregisterItem(models, s.itemLog())),
                new Route(
                        POST,
                        "/v1/models/{model}/retrain",
                        "retrain",
                        ADMIN,
                        Set.of(Retrain.KIND),
                        new Retrain(models, s.lifecycle())),
                new Route(
                        POST,
                        "/v1/models/{model}/versions/{version}/activate",
                        "activate",
                        ADMIN,
                        Set.of(Activate.FORCE),
                        new Activate(models, s.lifecycle())),
                new Route(
                        GET,
                        "/v1/users/{uid}",
                        "getUser",
                        OBSERVE,
                        Set.of("version", "after", "timeoutMs"),
                        new GetUser(models, predictor, cpu, limits)),
                new Route(DELETE, "/v1/users/{uid}", "forgetUser", ADMIN, none, new ForgetUser(forgetting)),
                new Route(
                        DELETE,
                        "/v1/users/{uid}/items/{item}",
                        "withdrawItem",
                        OBSERVE,
                        Set.of("data"),
                        new WithdrawItem(models, forgetting)),
                new Route(GET, "/openapi.yaml", "getDocument", READ, none, GetDocument.ofResource())));
    }

    private static KnownUsers knownUsers(Services s, ServingConfiguration limits) {
        KnownUsers known = new KnownUsers(1024L * limits.posteriorCacheKib());
        known.bindTo(s.metrics());
        return known;
    }

    /** The same routes, of which {@code predict} is only read and checked, and answered as the first time. */
    Routes repeatingPredictions() {
        return new Routes(routes.stream()
                .map(route -> route.endpoint() instanceof Predict predict
                        ? route.with(new RepeatedPrediction(predict))
                        : route)
                .toList());
    }

    List<Route> all() {
        return routes;
    }

    /** A route and the parameters in the path that it matched. */
    record Match(Route route, Map<String, String> parameters) {}

    /**
     * The route of a request; {@code HEAD} goes where {@code GET} goes.
     *
     * @throws HttpFailure 404 when no route has the path, 405 when none of those that do has the method
     */
    Match match(HttpMethod method, List<String> segments) {
        HttpMethod wanted = method.equals(HttpMethod.HEAD) ? GET : method;
        for (Route route : routes) {
            if (route.method().equals(wanted)) {
                Optional<Map<String, String>> parameters = route.match(segments);
                if (parameters.isPresent()) {
                    return new Match(route, parameters.get());
                }
            }
        }
        throw HttpFailure.wrongMethod(allowed(segments));
    }

    /** The methods that a path takes, for the header {@code Allow}; fails with 404 when there are none. */
    String allowed(List<String> segments) {
        Set<String> methods = new TreeSet<>();
        for (Route route : routes) {
            if (route.match(segments).isPresent()) {
                methods.add(route.method().name());
            }
        }
        if (methods.isEmpty()) {
            throw HttpFailure.unknownPath();
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        return String.join(", ", methods);
    }
}
