package io.velox.system.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An OpenAPI document, as far as requests and answers can be drawn from it and held against it. Immutable. */
public final class ApiDocument {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head");

    private final JsonNode root;
    private final List<ApiOperation> operations = new ArrayList<>();

    private ApiDocument(JsonNode root) {
        this.root = root;
        root.get("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> operations.add(operation(path.getKey(), method.getKey(), method.getValue()))));
    }

    public static ApiDocument ofYaml(String yaml) {
        try {
            return new ApiDocument(new YAMLMapper().readTree(yaml));
        } catch (JsonProcessingException e) {
            throw new AssertionError("the document is no YAML", e);
        }
    }

    public List<ApiOperation> operations() {
        return operations;
    }

    /** What a node means: itself, or what it refers to. */
    JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? resolved(root.at(node.get("$ref").asText().substring(1))) : node;
    }

    /** The name of the schema that a node refers to; empty where it refers to none. */
    static String nameOf(JsonNode schema) {
        String reference = schema.path("$ref").asText();
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    /** A schema with all that it may refer to, so that it can be judged by without the document. */
    ObjectNode complete(JsonNode schema) {
        ObjectNode complete = schema.deepCopy();
        complete.set("components", root.get("components"));
        return complete;
    }

    /** The schema under {@code components/schemas}. */
    JsonNode schema(String name) {
        return root.at("/components/schemas/" + name);
    }

    /** The operation that a method and a path address. */
    Optional<ApiOperation> at(String method, String path) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        return operations.stream()
                .filter(operation -> operation.method().equals(wanted) && operation.isAt(path))
                .findFirst();
    }

    private ApiOperation operation(String template, String method, JsonNode node) {
        List<ApiOperation.Parameter> parameters = new ArrayList<>();
        for (JsonNode reference : node.path("parameters")) {
            JsonNode parameter = resolved(reference);
            parameters.add(new ApiOperation.Parameter(
                    parameter.get("name").asText(),
                    parameter.get("in").asText(),
                    parameter.path("required").asBoolean(),
                    parameter.get("schema")));
        }
        Map<String, JsonNode> bodies = new LinkedHashMap<>();
        resolved(node.path("requestBody"))
                .path("content")
                .properties()
                .forEach(type -> bodies.put(type.getKey(), type.getValue().get("schema")));
        Map<String, JsonNode> responses = new LinkedHashMap<>();
        node.get("responses")
                .properties()
                .forEach(status -> responses.put(status.getKey(), resolved(status.getValue())));
        return new ApiOperation(
                node.get("operationId").asText(),
                method.toUpperCase(Locale.ROOT),
                template,
                parameters,
                bodies,
                responses);
    }
}
