package io.velox.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ContractTest {
    private static ApiFixture api;

    @BeforeAll
    static void start() {
        api = new ApiFixture();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void theDocumentAndTheRoutesHaveTheSameOperationsAndQueryParameters() {
        Set<String> documented = api.contract.operations().stream()
                .map(ContractTest::described)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> routed = api.routes().all().stream()
                .map(r -> r.method() + " " + r.template() + " " + r.operationId() + " " + new TreeSet<>(r.query()))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(routed).isEqualTo(documented);
    }

    @Test
    void everyOperationAnswersItsErrorsWithAProblemDocument() {
        for (JsonNode path : api.contract.document().get("paths")) {
            for (JsonNode operation : path) {
                assertThat(operation.at("/responses/default/$ref").asText())
                        .as(operation.get("operationId").asText())
                        .isEqualTo("#/components/responses/Problem");
            }
        }
    }

    @Test
    void theDocumentAndTheRoutesAskForTheSameRoles() {
        Map<String, String> documented = new TreeMap<>();
        for (JsonNode path : api.contract.document().get("paths")) {
            for (JsonNode operation : path) {
                assertThat(operation.at("/security")).hasSize(1);
                documented.put(
                        operation.get("operationId").asText(),
                        operation.at("/security/0/key/0").asText());
            }
        }
        Map<String, String> routed = api.routes().all().stream()
                .collect(Collectors.toMap(Route::operationId, r -> r.role().toString()));

        assertThat(routed).isEqualTo(documented);
    }

    @Test
    void theJudgeOfAnswersRefusesWhatIsNotDescribed() {
        Buffer good = Buffer.buffer("{\"receipt\":\"0:1:2\"}");
        Buffer bad = Buffer.buffer("{\"receipt\":\"0:1:2\",\"more\":1}");

        api.contract.assertValidResponse("forgetUser", 200, "application/json", good);
        assertThatThrownBy(() -> api.contract.assertValidResponse("forgetUser", 200, "application/json", bad))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> api.contract.assertValidResponse("forgetUser", 201, "application/json", good))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void theDocumentIsServedAsItIs() {
        ApiFixture.Response response = api.get("/openapi.yaml");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Type")).isEqualTo("application/yaml");
        assertThat(response.body().toString()).startsWith("openapi: 3.1.0");
    }

    private static String described(Operation operation) {
        Set<String> query = operation.getParameters().stream()
                .filter(p -> p.getIn() == Location.QUERY)
                .map(Parameter::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        return operation.getHttpMethod() + " " + operation.getOpenAPIPath() + " " + operation.getOperationId() + " "
                + query;
    }
}
