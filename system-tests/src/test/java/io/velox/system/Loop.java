package io.velox.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the tests of the loop do with a running system: observe, train, and check it against the oracle. */
final class Loop {
    private static final Duration TRAINING = Duration.ofMinutes(6);
    private static final Duration CAUGHT_UP = Duration.ofSeconds(60);
    private static final int BATCH = 1000;

    private final Api api;

    Loop(Api api) {
        this.api = api;
    }

    static ObjectNode observation(Rating rating) {
        return Api.JSON
                .createObjectNode()
                .put("uid", rating.user())
                .put("item", rating.item())
                .put("label", rating.label())
                .put("timestamp", Instant.ofEpochSecond(rating.timestamp()).toString());
    }

    /** Observes all of them; returns each user's last receipt. */
    Map<String, String> observe(Collection<Rating> ratings) {
        Map<String, String> receipts = new HashMap<>();
        List<Rating> batch = new ArrayList<>();
        for (Rating rating : ratings) {
            batch.add(rating);
            if (batch.size() == BATCH) {
                receipts.putAll(observeAtOnce(batch));
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            receipts.putAll(observeAtOnce(batch));
        }
        return receipts;
    }

    /** Observes a batch in one request; returns each user's last receipt. */
    Map<String, String> observeAtOnce(List<Rating> batch) {
        ArrayNode body = Api.JSON.createArrayNode();
        batch.forEach(rating -> body.add(observation(rating)));
        JsonNode answered = api.post("/v1/observe", body.toString()).ok().get("receipts");
        Map<String, String> receipts = new HashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            receipts.put(batch.get(i).user(), answered.get(i).asText());
        }
        return receipts;
    }

    /** Retrains and waits until the new version is live; returns its number. */
    int retrain(String model) {
        int before = activeVersion(model).orElse(0);
        int newest = 0;
        for (JsonNode version : api.get("/v1/models/" + model).ok().get("versions")) {
            newest = Math.max(newest, version.get("version").asInt());
        }
        int newestBefore = newest;
        api.post("/v1/models/" + model + "/retrain", "{}").ok();
        return Await.value("a version of " + model + " after " + before + " to be live", TRAINING, () -> {
            JsonNode entry = api.get("/v1/models/" + model).ok();
            String failure = entry.at("/training/failure").asText("");
            if (!failure.isEmpty()) {
                throw new AssertionError("training failed: " + failure);
            }
            entry.get("versions").forEach(version -> {
                String state = version.get("state").asText();
                if (version.get("version").asInt() > newestBefore
                        && (state.equals("REFUSED") || state.equals("REJECTED"))) {
                    throw new AssertionError("it does not go live: " + version);
                }
            });
            return activeVersion(model).filter(version -> version > before);
        });
    }

    Optional<Integer> activeVersion(String model) {
        for (JsonNode version :
                api.get("/v1/models/" + model + "/versions").ok().get("versions")) {
            if (version.get("state").asText().equals("ACTIVE")) {
                return Optional.of(version.get("version").asInt());
            }
        }
        return Optional.empty();
    }

    JsonNode user(String uid) {
        return api.get("/v1/users/" + Api.encode(uid)).ok();
    }

    JsonNode userAfter(String uid, String receipt) {
        return api.get("/v1/users/" + Api.encode(uid) + "?timeoutMs=20000&after=" + receipt)
                .ok();
    }

    /** Waits until nothing is known of a user after a receipt. */
    void userGone(String uid, String receipt) {
        int status = api.get("/v1/users/" + Api.encode(uid) + "?timeoutMs=20000&after=" + receipt)
                .status();
        if (status != 404) {
            throw new AssertionError("user " + uid + " is still known: status " + status);
        }
    }

    /** A prediction that reflects the receipt; of a list, since a version need not know the item. */
    JsonNode predictAfter(String model, String uid, String item, String receipt) {
        ObjectNode body = Api.JSON
                .createObjectNode()
                .put("uid", uid)
                .put("after", receipt)
                .put("timeoutMs", 10_000);
        body.putArray("items").add(item);
        return api.post("/v1/models/" + model + "/predict", body.toString()).ok();
    }

    /** Waits until each user's state reflects the receipt. */
    void awaitApplied(Map<String, String> receipts) {
        receipts.forEach(this::userAfter);
    }

    /**
     * Checks every user against the oracle: weights to 1e-6, counts, and predictions equal to offset + weights·features.
     *
     * @param expected each user's labels by item
     * @return the largest difference of a weight
     */
    double checkEveryUser(String model, int version, Map<String, Map<String, Double>> expected) {
        RidgeOracle oracle = new RidgeOracle(api, model, version);
        double largest = 0;
        for (Map.Entry<String, Map<String, Double>> user : expected.entrySet()) {
            largest = Math.max(largest, checkUser(oracle, model, version, user.getKey(), user.getValue()));
        }
        return largest;
    }

    private double checkUser(
            RidgeOracle oracle, String model, int version, String uid, Map<String, Double> expectedHistory) {
        JsonNode user = Await.value("the weights of user " + uid + " in version " + version, CAUGHT_UP, () -> {
            JsonNode answer = user(uid);
            return answer.at("/models/" + model + "/version").asInt() == version
                    ? Optional.of(answer)
                    : Optional.empty();
        });
        Map<String, Double> history = new HashMap<>();
        user.get("history")
                .forEach(entry -> history.put(
                        entry.get("item").asText(), entry.get("label").asDouble()));
        if (!history.equals(expectedHistory)) {
            throw new AssertionError("user " + uid + " has another history than was acknowledged: "
                    + difference(expectedHistory, history));
        }
        JsonNode state = user.at("/models/" + model);
        double[] weights = RidgeOracle.vector(state.get("weights"));
        double[] ridge = oracle.weights(user.get("history"));
        double largest = 0;
        for (int i = 0; i < ridge.length; i++) {
            largest = Math.max(largest, Math.abs(ridge[i] - weights[i]));
        }
        if (weights.length != ridge.length || !(largest <= 1e-6)) {
            throw new AssertionError("user " + uid + ": weights differ from the ridge solution by " + largest + ": "
                    + Arrays.toString(weights) + " instead of " + Arrays.toString(ridge));
        }
        if (state.get("observations").asInt() != oracle.learnt(user.get("history"))) {
            throw new AssertionError("user " + uid + " has learnt " + state.get("observations") + " observations, not "
                    + oracle.learnt(user.get("history")));
        }
        checkPredictions(oracle, model, version, uid, weights, history.keySet());
        return largest;
    }

    private void checkPredictions(
            RidgeOracle oracle, String model, int version, String uid, double[] weights, Set<String> items) {
        ObjectNode body = Api.JSON.createObjectNode().put("uid", uid);
        ArrayNode list = body.putArray("items");
        items.stream().limit(20).forEach(list::add);
        JsonNode answer =
                api.post("/v1/models/" + model + "/predict", body.toString()).ok();
        if (answer.get("version").asInt() != version) {
            throw new AssertionError("user " + uid + " was answered from version " + answer.get("version"));
        }
        for (JsonNode prediction : answer.get("predictions")) {
            double expected = oracle.score(prediction.get("item").asText(), weights);
            if (!(Math.abs(expected - prediction.get("score").asDouble()) <= 1e-9 * Math.max(1, Math.abs(expected)))) {
                throw new AssertionError("user " + uid + ", item " + prediction.get("item") + ": predicted "
                        + prediction.get("score") + ", but offset + weights·features is " + expected);
            }
        }
    }

    private static String difference(Map<String, Double> expected, Map<String, Double> found) {
        Map<String, Double> missing = new HashMap<>(expected);
        missing.entrySet().removeAll(found.entrySet());
        Map<String, Double> surplus = new HashMap<>(found);
        surplus.entrySet().removeAll(expected.entrySet());
        return "missing " + missing + ", surplus " + surplus;
    }
}
