package io.velox.serving.http;

import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A method and a path, and the operation behind them. Immutable.
 *
 * @param operationId the operation's name in the OpenAPI document and in metrics
 * @param template such as {@code /v1/users/{uid}}
 * @param query the names of the query parameters that it takes
 */
record Route(HttpMethod method, String template, String operationId, Set<String> query, Operation operation) {
    Route {
        query = Set.copyOf(query);
    }

    /** The path's parameters by name, or empty if the path is not of this route. */
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> wanted = List.of(template.substring(1).split("/", -1));
        if (wanted.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String name = wanted.get(i);
            if (name.startsWith("{")) {
                parameters.put(name.substring(1, name.length() - 1), segments.get(i));
            } else if (!name.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }
}
