package io.velox.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The OpenAPI document as a judge of requests and responses, independent of the code that reads and writes them. */
final class Contract {
    private final JsonNode document;
    private final OpenAPIContract contract;

    private Contract(JsonNode document, OpenAPIContract contract) {
        this.document = document;
        this.contract = contract;
    }

    /** Reads the shipped document; fails if it is no valid OpenAPI. */
    static Contract load(Vertx vertx) throws Exception {
        JsonNode document;
        try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
            document = new YAMLMapper().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        // Vert.x knows none of these media types; the schemas under them are what it is needed for.
        String json = new ObjectMapper()
                .writeValueAsString(document)
                .replace("\"application/problem+json\"", "\"application/json\"")
                .replace("\"application/yaml\"", "\"text/plain\"")
                .replace("\"application/x-ndjson\"", "\"text/plain\"")
                .replace("\"text/csv\"", "\"text/plain; charset=utf-8\"");
        OpenAPIContract contract = OpenAPIContract.from(vertx, new JsonObject(json))
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return new Contract(document, contract);
    }

    JsonNode document() {
        return document;
    }

    List<Operation> operations() {
        return contract.operations();
    }

    void assertValidRequest(String operationId, Buffer body) {
        assertValid(
                operationId + " request",
                operation(operationId)
                        .getRequestBody()
                        .getContent()
                        .get("application/json")
                        .getSchema(),
                body);
    }

    /** Checks that the document has this status (or the default), this media type, and that its schema fits the body. */
    void assertValidResponse(String operationId, int status, String contentType, Buffer body) {
        Operation operation = operation(operationId);
        Response response = Objects.requireNonNullElse(operation.getResponse(status), operation.getDefaultResponse());
        boolean isProblem = status >= 400;
        assertThat(contentType)
                .as("media type of %s %s", operationId, status)
                .isEqualTo(
                        isProblem
                                ? "application/problem+json"
                                : operationId.equals("getDocument") ? "application/yaml" : "application/json");
        assertThat(isProblem)
                .as("%s declares %s", operationId, status)
                .isEqualTo(response == operation.getDefaultResponse());
        if (!contentType.equals("application/yaml")) {
            assertValid(
                    operationId + " " + status,
                    response.getContent().get("application/json").getSchema(),
                    body);
        }
    }

    private void assertValid(String what, JsonSchema schema, Buffer body) {
        OutputUnit result = contract.getSchemaRepository().validator(schema).validate(Json.decodeValue(body));
        assertThat(result.getValid())
                .as("%s\n%s\n%s", what, body, result.toJson())
                .isTrue();
    }

    private Operation operation(String operationId) {
        return Objects.requireNonNull(contract.operation(operationId), operationId);
    }
}
