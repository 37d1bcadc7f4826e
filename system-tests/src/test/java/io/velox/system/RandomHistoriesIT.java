package io.velox.system;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.system.wire.Wire;
import io.velox.system.wire.WireAnswer;
import io.velox.system.wire.WireRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Thousands of users, each with a random history, sent by eight clients at once, of which a share of the users is sent by all eight.
 * Whatever the interleaving was, the receipts tell the order of the log, and every user must be what the actions make in that order.
 *
 * <p>{@code -Dvelox.histories=} sets the number of users, {@code -Dvelox.seed=} repeats their actions.
 */
@ExtendWith(TrainedVelox.Shared.class)
class RandomHistoriesIT {
    private static final int CLIENTS = 8;
    private static final int USERS = Integer.getInteger("velox.histories", 10_000);

    /** Every so many users, one is everybody's. */
    private static final int SHARED_EVERY = 10;

    private static final Duration REPORTED = Duration.ofSeconds(60);

    private final long seed = Seeds.next();
    private final Map<String, List<Logged>> log = new TreeMap<>();
    private TrainedVelox velox;
    private Map<String, Integer> versions;
    private Map<String, RidgeOracle> oracles;

    @Test
    void everyUserEndsInTheBatchSolutionOfWhatIsLeftAlsoAfterAKill(TrainedVelox shared) throws IOException {
        velox = shared;
        versions = List.of("als", "linear", "every").stream()
                .collect(Collectors.toMap(
                        m -> m, m -> velox.loop().activeVersion(m).orElseThrow()));
        Map<String, Long> judgedBefore = settledLossCounts();
        List<RatedItem> items = items();
        List<List<UserAction>> first = new ArrayList<>();
        List<List<UserAction>> rest = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            List<UserAction> script = HistoryScript.draw(uid(user), seed + user, items);
            int cut = script.size() * 3 / 4;
            first.add(script.subList(0, cut));
            rest.add(script.subList(cut, script.size()));
        }

        send(first);
        checkEveryUser(judgedBefore);

        send(rest);
        velox.killAndRestart();
        checkEveryUser(judgedBefore);
    }

    private String uid(int user) {
        return "h" + Long.toString(seed, 36) + "-" + user;
    }

    /** Items that the trained version knows, items that it does not, and items that are data. */
    private List<RatedItem> items() {
        Random random = new Random(seed);
        List<RatedItem> items = new ArrayList<>();
        velox.ratings().stream()
                .map(Rating::item)
                .distinct()
                .limit(60)
                .forEach(item -> items.add(RatedItem.ofId(item)));
        for (int i = 0; i < 5; i++) {
            items.add(RatedItem.ofId("unknown " + i + " ü/?"));
        }
        for (int i = 0; i < 35; i++) {
            items.add(new RatedItem(
                    "[" + random.nextInt(9) + ",-" + random.nextInt(9) + ".25," + random.nextInt(9) + ".5]", true));
        }
        return items;
    }

    /** Deals the users to the clients, shared ones action by action, and keeps what was logged. */
    private void send(List<List<UserAction>> scripts) {
        Random random = new Random(seed);
        List<List<Deque<UserAction>>> shares = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            shares.add(new ArrayList<>());
        }
        for (int user = 0; user < scripts.size(); user++) {
            if (user % SHARED_EVERY > 0) {
                shares.get(user % CLIENTS).add(new ArrayDeque<>(scripts.get(user)));
                continue;
            }
            shares.forEach(share -> share.add(new ArrayDeque<>()));
            for (UserAction action : scripts.get(user)) {
                List<Deque<UserAction>> share = shares.get(random.nextInt(CLIENTS));
                share.get(share.size() - 1).add(action);
            }
        }
        int port = velox.process().port();
        List<List<Logged>> sent =
                Crowd.each(CLIENTS, client -> () -> Traffic.send(port, client, shares.get(client), seed));
        sent.forEach(part -> {
            checkOrder(part);
            part.forEach(logged -> log.computeIfAbsent(logged.action().uid(), uid -> new ArrayList<>())
                    .add(logged));
        });
        log.values().forEach(actions -> actions.sort(Comparator.comparingLong(Logged::offset)));
    }

    /** What one client sent of one user one after the other is one after the other in the log. */
    private void checkOrder(List<Logged> part) {
        Map<String, Logged> last = new HashMap<>();
        for (Logged logged : part) {
            Logged before = last.put(logged.action().uid(), logged);
            if (before != null
                    && (before.offset() >= logged.offset()
                            || !before.partition().equals(logged.partition()))) {
                throw new AssertionError(
                        replayable("sent in this order, but logged in another: " + before + ", " + logged));
            }
        }
    }

    private void checkEveryUser(Map<String, Long> judgedBefore) {
        oracles = new TreeMap<>();
        versions.forEach((model, version) ->
                oracles.put(model, new RidgeOracle(velox.process().api(), model, version)));
        int port = velox.process().port();
        Queue<Map.Entry<String, List<Logged>>> users = new ConcurrentLinkedQueue<>(log.entrySet());
        List<Map<String, Integer>> judged = Crowd.each(CLIENTS, client -> () -> {
            Map<String, Integer> counts = new HashMap<>();
            try (Wire wire = new Wire(port)) {
                for (var user = users.poll(); user != null; user = users.poll()) {
                    checkUser(wire, user.getKey(), user.getValue())
                            .forEach((model, count) -> counts.merge(model, count, Integer::sum));
                }
            }
            return counts;
        });
        versions.forEach((model, version) -> {
            long expected = judgedBefore.get(model)
                    + judged.stream().mapToInt(c -> c.getOrDefault(model, 0)).sum();
            Await.until(
                    replayable("a loss over " + expected + " observations of " + model),
                    REPORTED,
                    () -> lossCount(model) == expected);
        });
    }

    /** Returns how many observations each model has judged. */
    private Map<String, Integer> checkUser(Wire wire, String uid, List<Logged> actions) throws IOException {
        ExpectedUser expected = new ExpectedUser(oracles, TrainedVelox.ACCUMULATING);
        actions.forEach(logged -> expected.apply(logged.action()));
        String receipt = actions.get(actions.size() - 1).position();
        WireAnswer answer =
                wire.send(WireRequest.of("GET", "/v1/users/" + Api.encode(uid) + "?timeoutMs=30000&after=" + receipt));
        List<String> differences = new ArrayList<>();
        if (expected.isUnknown() || answer.status() != 200) {
            if (!expected.isUnknown() || answer.status() != 404) {
                differences.add("answered " + answer + ", though expected "
                        + (expected.isUnknown() ? "to be unknown" : "to be known"));
            }
        } else {
            differences.addAll(expected.differences(answer.json(), receipt));
            checkPrediction(wire, uid, receipt, answer.json(), differences);
        }
        if (!differences.isEmpty()) {
            throw new AssertionError(replayable("user " + uid + ": " + String.join("; ", differences) + "\nafter\n"
                    + String.join("\n", actions.stream().map(Logged::toString).toList())));
        }
        return expected.judged();
    }

    /** The copy that answers predictions comes another way than the state behind {@code GET /v1/users}. */
    private void checkPrediction(Wire wire, String uid, String receipt, JsonNode user, List<String> differences)
            throws IOException {
        String item = velox.ratings().get(0).item();
        String body = Api.JSON
                .createObjectNode()
                .put("uid", uid)
                .put("item", item)
                .put("after", receipt)
                .put("timeoutMs", 30_000)
                .toString();
        JsonNode answer = wire.send(WireRequest.json("POST", "/v1/models/als/predict", body))
                .ok();
        double score = answer.at("/predictions/0/score").asDouble();
        double expected = oracles.get("als").score(item, RidgeOracle.vector(user.at("/models/als/weights")));
        if (!(Math.abs(score - expected) <= 1e-9 * Math.max(1, Math.abs(expected)))) {
            differences.add("predicted " + score + ", but offset + weights·features is " + expected);
        }
        boolean isPersonal = user.at("/models/als/observations").asInt() > 0;
        if (!answer.get("source").asText().equals(isPersonal ? "personal" : "prior")
                || !answer.get("revision").asText().equals(receipt)
                || answer.has("degraded")) {
            differences.add("predicted with " + answer);
        }
    }

    /** Of each model, when its reports no longer change. */
    private Map<String, Long> settledLossCounts() {
        Map<String, Long> counts = new HashMap<>();
        versions.keySet().forEach(model -> {
            long[] seen = {-1, 0};
            counts.put(model, Await.value("the loss of " + model + " to settle", REPORTED, () -> {
                long count = lossCount(model);
                seen[1] = count == seen[0] ? seen[1] + 1 : 0;
                seen[0] = count;
                return seen[1] > 40 ? Optional.of(count) : Optional.empty();
            }));
        });
        return counts;
    }

    private long lossCount(String model) {
        for (JsonNode version : velox.process()
                .api()
                .get("/v1/models/" + model + "/health")
                .ok()
                .get("versions")) {
            if (version.get("version").asInt() == versions.get(model)) {
                return version.at("/loss/count").asLong();
            }
        }
        return 0;
    }

    private String replayable(String what) {
        return what + "\nreplay with -Dvelox.seed=" + seed + " -Dvelox.histories=" + USERS;
    }
}
