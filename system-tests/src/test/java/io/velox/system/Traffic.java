package io.velox.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.velox.system.wire.Wire;
import io.velox.system.wire.WireRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * One of several clients at work at once: sends its share of the users' actions over one connection, each user's in their order,
 * many users' interleaved, observations singly and in arrays.
 */
final class Traffic {
    private static final int USERS_AT_A_TIME = 60;
    private static final int LONGEST_ARRAY = 80;

    private final Wire wire;
    private final int connection;
    private final Random random;
    private final List<Logged> log = new ArrayList<>();

    private Traffic(Wire wire, int connection, Random random) {
        this.wire = wire;
        this.connection = connection;
        this.random = random;
    }

    /**
     * Sends everything and returns it with its receipts, in the order of sending.
     *
     * @param users each user's actions; emptied
     */
    static List<Logged> send(int port, int connection, List<Deque<UserAction>> users, long seed) throws IOException {
        try (Wire wire = new Wire(port)) {
            Traffic traffic = new Traffic(wire, connection, new Random(seed + connection));
            Deque<Deque<UserAction>> waiting = new ArrayDeque<>(users);
            List<Deque<UserAction>> active = new ArrayList<>();
            while (!waiting.isEmpty() || !active.isEmpty()) {
                while (active.size() < USERS_AT_A_TIME && !waiting.isEmpty()) {
                    active.add(waiting.remove());
                }
                traffic.round(active);
                active.removeIf(Deque::isEmpty);
            }
            return traffic.log;
        }
    }

    /** The next action of each user: what takes something back by itself, the observations in arrays of any length. */
    private void round(List<Deque<UserAction>> active) throws IOException {
        List<UserAction.Observe> observations = new ArrayList<>();
        for (Deque<UserAction> user : active) {
            while (user.peek() instanceof UserAction.Observe observation) {
                observations.add(observation);
                user.remove();
                if (random.nextInt(3) > 0) {
                    break;
                }
            }
        }
        for (int from = 0; from < observations.size(); ) {
            int length = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(LONGEST_ARRAY);
            int to = Math.min(observations.size(), from + length);
            observe(observations.subList(from, to));
            from = to;
        }
        for (Deque<UserAction> user : active) {
            UserAction next = user.peek();
            if (next instanceof UserAction.Withdraw withdrawal) {
                String item = "/items/" + Api.encode(withdrawal.item().text());
                delete(user.remove(), item + (withdrawal.item().isData() ? "?data=true" : ""));
            } else if (next instanceof UserAction.Forget) {
                delete(user.remove(), "");
            }
        }
    }

    private void delete(UserAction action, String path) throws IOException {
        JsonNode answer = wire.send(WireRequest.of("DELETE", "/v1/users/" + Api.encode(action.uid()) + path))
                .ok();
        log(action, answer.get("receipt"));
    }

    private void observe(List<UserAction.Observe> observations) throws IOException {
        if (observations.size() == 1 && random.nextBoolean()) {
            String body = json(observations.get(0)).toString();
            log(observations.get(0), post(body).get("receipt"));
            return;
        }
        ArrayNode body = Api.JSON.createArrayNode();
        observations.forEach(observation -> body.add(json(observation)));
        JsonNode receipts = post(body.toString()).get("receipts");
        if (receipts.size() != observations.size()) {
            throw new AssertionError(receipts.size() + " receipts for " + observations.size() + " observations");
        }
        for (int i = 0; i < observations.size(); i++) {
            log(observations.get(i), receipts.get(i));
        }
    }

    private JsonNode post(String body) throws IOException {
        return wire.send(WireRequest.json("POST", "/v1/observe", body)).ok();
    }

    private void log(UserAction action, JsonNode receipt) {
        log.add(new Logged(action, connection, log.size(), receipt.asText()));
    }

    private static ObjectNode json(UserAction.Observe observation) {
        ObjectNode json = Api.JSON
                .createObjectNode()
                .put("uid", observation.uid())
                .put("label", observation.label())
                .put("timestamp", observation.timestamp().toString());
        json.set("item", observation.item().json());
        if (!observation.id().isEmpty()) {
            json.put("id", observation.id());
        }
        return json;
    }
}
