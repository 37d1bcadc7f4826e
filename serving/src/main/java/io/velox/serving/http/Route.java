package io.velox.serving.http;

import io.velox.serving.access.Role;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A method and a path, and the operation behind them. Immutable. */
final class Route {
    private final HttpMethod method;
    private final String template;
    private final String operationId;
    private final Role role;
    private final Set<String> query;
    private final Endpoint endpoint;
    private final List<String> segments;

    /**
     * Binds an operation.
     *
     * @param template such as {@code /v1/users/{uid}}
     * @param operationId the operation's name in the OpenAPI document and in metrics
     * @param role what a key must be good for, where there are keys
     * @param query the names of the query parameters that it takes
     */
    Route(HttpMethod method, String template, String operationId, Role role, Set<String> query, Endpoint endpoint) {
        this.method = method;
        this.template = template;
        this.operationId = operationId;
        this.role = role;
        this.query = Set.copyOf(query);
        this.endpoint = endpoint;
        this.segments = List.of(template.substring(1).split("/", -1));
    }

    /** The same with another operation behind it. */
    Route with(Endpoint other) {
        return new Route(method, template, operationId, role, query, other);
    }

    HttpMethod method() {
        return method;
    }

    String template() {
        return template;
    }

    String operationId() {
        return operationId;
    }

    Role role() {
        return role;
    }

    Set<String> query() {
        return query;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** The path's parameters by name, or empty if the path is not of this route. */
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        for (int i = 0; i < path.size(); i++) {
            String wanted = segments.get(i);
            if (!isParameter(wanted) && !wanted.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String wanted = segments.get(i);
            if (isParameter(wanted)) {
                parameters.put(wanted.substring(1, wanted.length() - 1), path.get(i));
            }
        }
        return Optional.of(parameters);
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }
}
