package io.velox.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a user must be after the actions in the log, by the documented rules alone: of each item the last observation counts, or, for
 * a model that accumulates, every one; an id names one observation of one item for ever, but for a forgetting, after which nothing is
 * left. Single writer.
 */
final class ExpectedUser {
    private static final double TOLERANCE = 1e-6;

    private final Map<String, RidgeOracle> models;
    private final Set<String> accumulating;
    private final Map<RatedItem, Entry> current = new HashMap<>();
    private final List<Entry> all = new ArrayList<>();
    private final Set<KnownId> ids = new HashSet<>();
    private final Map<String, Loss> losses = new TreeMap<>();
    private final Map<String, Integer> judged = new TreeMap<>();
    private int entries;
    private boolean isKnown;
    private boolean isForgotten;

    /** The same observation without an id may be there several times, so each has its number. */
    private record Entry(int number, UserAction.Observe observation) {}

    private record KnownId(RatedItem item, String id) {}

    private record Loss(int count, double sum) {
        static final Loss NONE = new Loss(0, 0);
    }

    /**
     * @param models by name
     * @param accumulating the names of those that learn every observation of an item
     */
    ExpectedUser(Map<String, RidgeOracle> models, Set<String> accumulating) {
        this.models = models;
        this.accumulating = accumulating;
    }

    void apply(UserAction action) {
        isKnown = true;
        if (action instanceof UserAction.Observe observation) {
            observe(observation);
        } else if (action instanceof UserAction.Withdraw withdrawal) {
            current.remove(withdrawal.item());
            all.removeIf(entry -> entry.observation.item().equals(withdrawal.item()));
        } else {
            current.clear();
            all.clear();
            ids.clear();
            losses.clear();
            isForgotten = true;
        }
    }

    private void observe(UserAction.Observe observation) {
        if (!observation.id().isEmpty() && !ids.add(new KnownId(observation.item(), observation.id()))) {
            return;
        }
        models.forEach((name, oracle) -> oracle.item(key(observation.item())).ifPresent(item -> {
            double error = observation.label() - oracle.score(key(observation.item()), oracle.weights(learntBy(name)));
            Loss loss = losses.getOrDefault(name, Loss.NONE);
            losses.put(name, new Loss(loss.count + 1, loss.sum + error * error));
            judged.merge(name, 1, Integer::sum);
        }));
        Entry entry = new Entry(entries++, observation);
        current.put(observation.item(), entry);
        all.add(entry);
        isForgotten = false;
    }

    /** How many observations each model has judged, forgotten ones included. */
    Map<String, Integer> judged() {
        return judged;
    }

    /** Whether the API must say that it knows nothing of the user. */
    boolean isUnknown() {
        return !isKnown || isForgotten;
    }

    /** Everything in which the answer to {@code GET /v1/users/{uid}} differs from what it must be. */
    List<String> differences(JsonNode user, String revision) {
        List<String> differences = new ArrayList<>();
        compare("revision", revision, user.get("revision").asText(), differences);
        List<UserAction.Observe> found = new ArrayList<>();
        String uid = user.get("uid").asText();
        user.get("history")
                .forEach(entry -> found.add(new UserAction.Observe(
                        uid,
                        RatedItem.ofJson(entry.get("item")),
                        entry.get("label").asDouble(),
                        Instant.parse(entry.get("timestamp").asText()),
                        entry.path("id").asText())));
        compare("history", observations(!accumulating.isEmpty()), found, differences);
        List<UserAction.Observe> valid = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (!user.get("history").get(i).path("superseded").asBoolean()) {
                valid.add(found.get(i));
            }
        }
        compare("history without what is superseded", observations(false), valid, differences);
        models.forEach((name, oracle) -> compareModel(name, oracle, user.at("/models/" + name), differences));
        return differences;
    }

    private void compareModel(String name, RidgeOracle oracle, JsonNode found, List<String> differences) {
        ArrayNode learnt = learntBy(name);
        double[] weights = RidgeOracle.vector(found.get("weights"));
        double[] ridge = oracle.weights(learnt);
        double largest = weights.length == ridge.length ? 0 : Double.NaN;
        for (int i = 0; i < Math.min(weights.length, ridge.length); i++) {
            largest = Math.max(largest, Math.abs(weights[i] - ridge[i]));
        }
        if (!(largest <= TOLERANCE)) {
            differences.add(name + ": weights differ from the ridge solution by " + largest);
        }
        Loss loss = losses.getOrDefault(name, Loss.NONE);
        compare(
                name + ".observations",
                oracle.learnt(learnt),
                found.get("observations").asInt(),
                differences);
        compare(name + ".loss.count", loss.count, found.at("/loss/count").asInt(), differences);
        double mean = loss.count == 0 ? 0 : loss.sum / loss.count;
        double foundMean = found.at("/loss/mean").asDouble();
        if (!(Math.abs(mean - foundMean) <= TOLERANCE * Math.max(1, mean))) {
            differences.add(name + ".loss.mean is " + foundMean + ", not " + mean);
        }
    }

    /** In the order of the log: every one, or the last of each item. */
    private List<UserAction.Observe> observations(boolean withSuperseded) {
        return all.stream()
                .filter(entry -> withSuperseded || entry.equals(current.get(entry.observation.item())))
                .map(Entry::observation)
                .toList();
    }

    /** What a model learns from, as the API would tell it. */
    private ArrayNode learntBy(String model) {
        ArrayNode learnt = Api.JSON.createArrayNode();
        observations(accumulating.contains(model)).forEach(o -> learnt.addObject()
                .put("label", o.label())
                .set("item", o.item().json()));
        return learnt;
    }

    private static String key(RatedItem item) {
        return item.text();
    }

    private static void compare(String what, Object expected, Object found, List<String> differences) {
        if (!expected.equals(found)) {
            differences.add(what + " is " + found + ", not " + expected);
        }
    }
}
