package io.velox.system.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One operation of the document.
 *
 * @param bodies the schema of the request by media type; empty where there is no body
 * @param responses by status, or {@code default}
 */
public record ApiOperation(
        String id,
        String method,
        String template,
        List<Parameter> parameters,
        Map<String, JsonNode> bodies,
        Map<String, JsonNode> responses) {

    /** {@code in} is {@code path}, {@code query} or {@code header}. */
    record Parameter(String name, String in, boolean isRequired, JsonNode schema) {
        boolean isIn(String place) {
            return in.equals(place);
        }
    }

    /** Whether a path, as it stands in the request, is of this operation. */
    boolean isAt(String path) {
        String pattern = Pattern.quote(template).replaceAll("\\{[^}]*}", "\\\\E[^/]*\\\\Q");
        return path.matches(pattern);
    }

    @Override
    public String toString() {
        return id;
    }
}
