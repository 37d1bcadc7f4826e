package io.velox.serving.http;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.serving.predict.CpuPool;
import io.velox.serving.predict.Predictor;
import io.velox.serving.predict.ServedModels;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The routes of the API; {@code openapi.yaml} describes the same, and a test holds the two together. Immutable. */
final class Routes {
    private final List<Route> routes;

    private Routes(List<Route> routes) {
        this.routes = routes;
    }

    static Routes of(Services s, ServingConfiguration limits, CpuPool cpu) {
        ServedModels models = new ServedModels(s.models(), s.declared());
        Predictor predictor = new Predictor(s.users(), models);
        ForgettingAnswer forgetting = new ForgettingAnswer(s.log(), s.forgetting(), s.clock());
        Set<String> none = Set.of();
        return new Routes(List.of(
                new Route(
                        POST,
                        "/v1/models/{model}/predict",
                        "predict",
                        none,
                        new Predict(models, predictor, cpu, limits)),
                new Route(POST, "/v1/models/{model}/topk", "topk", none, new RankTop(models, predictor, cpu, limits)),
                new Route(POST, "/v1/observe", "observe", none, new Observe(models, s.log(), s.clock(), limits)),
                new Route(GET, "/v1/models", "listModels", none, new ListModels(models)),
                new Route(GET, "/v1/models/{model}", "getModel", none, new GetModel(models)),
                new Route(GET, "/v1/models/{model}/versions", "listVersions", none, new ListVersions(models)),
                new Route(
                        GET,
                        "/v1/models/{model}/versions/{version}",
                        "getVersion",
                        none,
                        new GetVersion(models, s.models(), cpu)),
                new Route(
                        GET,
                        "/v1/models/{model}/health",
                        "getModelHealth",
                        none,
                        new GetModelHealth(models, s.health())),
                new Route(GET, "/v1/models/{model}/items/{item}", "getItem", Set.of("version"), new GetItem(models)),
                new Route(POST, "/v1/models/{model}/retrain", "retrain", none, new Retrain(models, s.lifecycle())),
                new Route(
                        POST,
                        "/v1/models/{model}/versions/{version}/activate",
                        "activate",
                        none,
                        new Activate(models, s.lifecycle())),
                new Route(
                        GET,
                        "/v1/users/{uid}",
                        "getUser",
                        Set.of("version", "after", "timeoutMs"),
                        new GetUser(models, predictor, cpu, limits)),
                new Route(DELETE, "/v1/users/{uid}", "forgetUser", none, new ForgetUser(forgetting)),
                new Route(
                        DELETE,
                        "/v1/users/{uid}/items/{item}",
                        "withdrawItem",
                        Set.of("data"),
                        new WithdrawItem(models, forgetting)),
                new Route(GET, "/openapi.yaml", "getDocument", none, GetDocument.ofResource())));
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
