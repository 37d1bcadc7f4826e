package io.velox.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.velox.client.VeloxClient;
import java.io.PrintWriter;
import java.net.URI;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that every command has: which Velox, and in which form it prints the answer. */
final class Connection {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:VELOX_URL:-http://127.0.0.1:8080}",
            description = "Where Velox listens (default: $$VELOX_URL, else http://127.0.0.1:8080).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private URI url;

    @Option(names = "--json", description = "Print the answer as one line of JSON, for machines.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this text.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean isHelp;

    VeloxClient client() {
        try {
            return new VeloxClient(url);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--url: " + e.getMessage(), e);
        }
    }

    /** What to throw where options contradict each other or their ranges. */
    ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    boolean isJson() {
        return json;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    void printJson(Object answer) {
        try {
            out().println(JSON.writeValueAsString(answer));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the answer cannot be written as JSON", e);
        }
    }

    /** An item from the command line: JSON if it begins like an array or an object, else an id. */
    JsonNode item(String text) {
        if (!text.startsWith("[") && !text.startsWith("{")) {
            return TextNode.valueOf(text);
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ParameterException(
                    spec.commandLine(), "item " + text + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** How an item reads in a table. */
    static String text(JsonNode item) {
        return item.isValueNode() ? item.asText() : item.toString();
    }
}
