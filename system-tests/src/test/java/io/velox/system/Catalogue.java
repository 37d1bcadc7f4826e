package io.velox.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a running system says of the versions of one model. */
final class Catalogue {
    private final Api api;
    private final String model;

    Catalogue(Api api, String model) {
        this.api = api;
        this.model = model;
    }

    JsonNode model() {
        return api.get("/v1/models/" + model).ok();
    }

    Optional<JsonNode> version(int number) {
        for (JsonNode version : model().get("versions")) {
            if (version.get("version").asInt() == number) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }

    int active() {
        return model().get("active").asInt();
    }

    /** A version's state; empty if there is no such version. */
    String state(int number) {
        return version(number).map(v -> v.get("state").asText()).orElse("");
    }

    JsonNode awaitState(int number, String state, Duration deadline) {
        try {
            return Await.value("version " + number + " to be " + state, deadline, () -> version(number)
                    .filter(v -> v.get("state").asText().equals(state)));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; the model is " + model(), e);
        }
    }

    /** Begins a training; returns the number of its version. */
    int retrain() {
        return api.post("/v1/models/" + model + "/retrain", "{}")
                .ok()
                .at("/training/version")
                .asInt();
    }

    Answer activate(int version, boolean force) {
        return api.send(
                "POST",
                "/v1/models/" + model + "/versions/" + version + "/activate" + (force ? "?force=true" : ""),
                null,
                null);
    }

    /** What happened to a version, in words such as {@code LIVE}. */
    List<String> history(int version) {
        List<String> events = new ArrayList<>();
        for (JsonNode event : events(version)) {
            events.add(event.get("what").asText());
        }
        return events;
    }

    JsonNode events(int version) {
        return api.get("/v1/models/" + model + "/versions/" + version + "/history")
                .ok()
                .get("events");
    }

    /** The progressive loss of a version, over all that it has scored. */
    Loss loss(int version) {
        for (JsonNode known : health().get("versions")) {
            if (known.get("version").asInt() == version) {
                long count = known.at("/loss/count").asLong();
                return new Loss(count, count * known.at("/loss/mean").asDouble());
            }
        }
        return new Loss(0, 0);
    }

    /** Waits until the job has reported on everything that it has applied by now. */
    void awaitReport() {
        Instant now = Instant.now();
        Await.until("the job's next reports", Duration.ofSeconds(30), () -> Instant.parse(
                        health().get("lastReport").asText())
                .isAfter(now.plusMillis(1_200)));
    }

    private JsonNode health() {
        return api.get("/v1/models/" + model + "/health").ok();
    }

    /** A sum of losses. */
    record Loss(long count, double sum) {
        Loss since(Loss before) {
            return new Loss(count - before.count, sum - before.sum);
        }

        double mean() {
            return sum / count;
        }
    }
}
