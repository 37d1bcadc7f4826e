package io.velox.system.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.IdentityHashMap;
import java.util.Optional;

/** Says whether JSON fits a schema of the document. For use by one thread. */
final class SchemaJudge {
    private final ApiDocument document;
    private final IdentityHashMap<JsonNode, Validator> validators = new IdentityHashMap<>();

    SchemaJudge(ApiDocument document) {
        this.document = document;
    }

    /** What is wrong with a text that should be JSON of this schema; empty if nothing is. */
    Optional<String> complaint(JsonNode schema, String json) {
        try {
            OutputUnit result =
                    validators.computeIfAbsent(schema, this::validator).validate(Json.decodeValue(json));
            return result.getValid() ? Optional.empty() : Optional.of(String.valueOf(result.getErrors()));
        } catch (DecodeException e) {
            return Optional.of("no JSON: " + e.getMessage());
        }
    }

    private Validator validator(JsonNode schema) {
        JsonObject complete = new JsonObject(document.complete(schema).toString());
        return Validator.create(
                JsonSchema.of(complete),
                new JsonSchemaOptions()
                        .setBaseUri("https://velox.test/")
                        .setDraft(Draft.DRAFT202012)
                        .setOutputFormat(OutputFormat.Basic));
    }
}
