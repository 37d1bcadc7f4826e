package io.velox.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Prior;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The REST API over a model that is small but learns: {@code f} is one made-up feature and a constant, {@code o} the item's mean
 * rating at the time of training.
 */
final class FakeVelox implements AutoCloseable {
    private static final double NOISE = 0.8;
    private static final Prior PRIOR = Prior.gaussian(new double[] {0, 0}, new double[] {0.2, 0, 0.2});

    static {
        // Otherwise each answer waits 40 ms for a delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final Map<String, Map<String, Double>> users = new HashMap<>();
    private final Map<String, Long> revisions = new HashMap<>();
    private final TreeMap<Integer, Map<String, FeatureVector>> versions = new TreeMap<>();
    private final List<String> path = new ArrayList<>(List.of("TRAINING", "PUBLISHED", "REBASING", "ACTIVE"));
    private long log;
    private int looks = 0;
    private String failure;

    FakeVelox() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    URI api() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Makes every training fail. */
    synchronized void failTrainings(String reason) {
        failure = reason;
    }

    synchronized Map<String, Double> history(String uid) {
        return Map.copyOf(users.getOrDefault(uid, Map.of()));
    }

    synchronized long records() {
        return log;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        int status;
        try {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getRawPath();
            status = path.endsWith("/observe/bulk")
                    ? observeBulk(body, answer)
                    : answer(exchange.getRequestMethod(), path, json(body), answer);
        } catch (RuntimeException e) {
            status = 500;
            answer.put("detail", e.toString());
        }
        byte[] bytes = new JsonMapper().writeValueAsBytes(answer);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private synchronized int answer(String method, String rawPath, JsonNode body, ObjectNode answer) {
        String[] parts = rawPath.substring(1).split("/");
        for (int i = 0; i < parts.length; i++) {
            parts[i] = URLDecoder.decode(parts[i], StandardCharsets.UTF_8);
        }
        String call = method + " " + String.join("/", List.of(parts).subList(1, Math.min(2, parts.length)))
                + (parts.length > 3 ? "/" + parts[3] : "");
        return switch (call) {
            case "GET models" -> {
                if (parts.length == 2) {
                    model(answer.putArray("models").addObject());
                } else {
                    model(answer);
                    looks++;
                }
                yield 200;
            }
            case "POST models/retrain" -> retrain(answer);
            case "GET models/versions" -> manifest(Integer.parseInt(parts[4]), answer);
            case "GET models/items" -> item(parts[4], answer);
            case "POST models/predict" -> predict(body, answer);
            case "POST models/topk" -> topK(body, answer);
            case "POST observe" -> observe(body, answer);
            default -> 404;
        };
    }

    private void model(ObjectNode model) {
        model.put("model", "als").put("kind", "als");
        ArrayNode list = model.putArray("versions");
        String state = path.get(Math.min(looks / 2, path.size() - 1));
        versions.keySet().forEach(v -> {
            boolean isNewest = v.equals(versions.lastKey());
            if (!isNewest || (!state.equals("TRAINING") && failure == null)) {
                list.addObject().put("version", v).put("state", isNewest ? state : "STANDBY");
            }
        });
        if (failure != null && !versions.isEmpty()) {
            model.putObject("training").put("version", versions.lastKey()).put("failure", failure);
        }
    }

    private int retrain(ObjectNode answer) {
        Map<String, double[]> sums = new HashMap<>();
        users.values()
                .forEach(history -> history.forEach((item, label) -> {
                    double[] sum = sums.computeIfAbsent(item, i -> new double[2]);
                    sum[0] += label;
                    sum[1]++;
                }));
        Map<String, FeatureVector> features = new LinkedHashMap<>();
        sums.forEach((item, sum) -> features.put(
                item,
                new FeatureVector(
                        new double[] {item.hashCode() % 2 == 0 ? 1 : -1, 1}, (sum[0] + 3.5 * 3) / (sum[1] + 3), 0)));
        versions.put(versions.size() + 1, features);
        looks = 0;
        model(answer);
        answer.putObject("training").put("version", versions.lastKey());
        return 202;
    }

    private int manifest(int version, ObjectNode answer) {
        answer.put("model", "als").put("version", version).put("dimension", 2).put("noise", NOISE);
        ObjectNode prior = answer.putObject("prior").put("kind", "gaussian");
        prior.set("mean", new JsonMapper().valueToTree(PRIOR.mean()));
        prior.set("covariance", new JsonMapper().valueToTree(PRIOR.covariance()));
        return 200;
    }

    private int item(String item, ObjectNode answer) {
        FeatureVector f = versions.lastEntry().getValue().get(item);
        if (f == null) {
            answer.put("code", "UNKNOWN_ITEM").put("detail", "no such item");
            return 404;
        }
        answer.put("item", item)
                .put("version", versions.lastKey())
                .put("offset", f.offset())
                .put("noise", 0);
        answer.set("features", new JsonMapper().valueToTree(f.values()));
        return 200;
    }

    private int predict(JsonNode body, ObjectNode answer) {
        int status = head(body, answer);
        double[] weights = weights(body.get("uid").asText());
        ArrayNode scores = answer.putArray("predictions");
        for (JsonNode item : body.get("items")) {
            FeatureVector f = versions.lastEntry().getValue().get(item.asText());
            if (f == null) {
                answer.withArray("unknown").add(item);
            } else {
                scores.addObject().put("item", item.asText()).put("score", f.score(weights));
            }
        }
        return status;
    }

    private int topK(JsonNode body, ObjectNode answer) {
        int status = head(body, answer);
        double[] weights = weights(body.get("uid").asText());
        Map<String, Double> seen = users.getOrDefault(body.get("uid").asText(), Map.of());
        ArrayNode items = answer.putArray("items");
        versions.lastEntry().getValue().entrySet().stream()
                .filter(e -> !body.has("exclude") || !seen.containsKey(e.getKey()))
                .sorted(Comparator.comparingDouble((Map.Entry<String, FeatureVector> e) ->
                                -e.getValue().score(weights))
                        .thenComparing(Map.Entry::getKey))
                .limit(body.get("k").asInt())
                .forEach(e -> items.addObject()
                        .put("item", e.getKey())
                        .put("score", e.getValue().score(weights)));
        return status;
    }

    private int head(JsonNode body, ObjectNode answer) {
        String uid = body.get("uid").asText();
        if (body.has("after")) {
            long wanted = Long.parseLong(body.get("after").asText().split(":", 3)[2]);
            if (revisions.getOrDefault(uid, -1L) < wanted) {
                answer.put("code", "RECEIPT_TIMEOUT");
                return 503;
            }
        }
        answer.put("model", "als")
                .put("version", versions.lastKey())
                .put("uid", uid)
                .put("source", users.containsKey(uid) ? "personal" : "prior");
        return 200;
    }

    private synchronized int observeBulk(byte[] body, ObjectNode answer) throws IOException {
        int lines = 0;
        try (MappingIterator<JsonNode> observations =
                new JsonMapper().readerFor(JsonNode.class).readValues(body)) {
            for (; observations.hasNext(); lines++) {
                append(observations.next());
            }
        }
        answer.put("lines", lines).put("accepted", lines).put("refused", 0).put("problemsOmitted", 0);
        answer.putArray("problems");
        answer.putArray("receipts").add("0:0:" + (log - 1));
        return 200;
    }

    private static JsonNode json(byte[] body) throws IOException {
        return body.length == 0 ? JsonNodeFactory.instance.missingNode() : new JsonMapper().readTree(body);
    }

    private int observe(JsonNode body, ObjectNode answer) {
        if (body.isArray()) {
            ArrayNode receipts = answer.putArray("receipts");
            body.forEach(one -> receipts.add(append(one)));
        } else {
            answer.put("receipt", append(body));
        }
        return 200;
    }

    private String append(JsonNode one) {
        String uid = one.get("uid").asText();
        users.computeIfAbsent(uid, u -> new LinkedHashMap<>())
                .put(one.get("item").asText(), one.get("label").asDouble());
        revisions.put(uid, log);
        return "0:0:" + log++;
    }

    private double[] weights(String uid) {
        List<FeatureVector> features = new ArrayList<>();
        List<Double> labels = new ArrayList<>();
        users.getOrDefault(uid, Map.of()).forEach((item, label) -> {
            FeatureVector f = versions.lastEntry().getValue().get(item);
            if (f != null) {
                features.add(f);
                labels.add(label);
            }
        });
        return RidgeLearner.ofHistory(
                        PRIOR,
                        NOISE,
                        features,
                        labels.stream().mapToDouble(l -> l).toArray())
                .weights();
    }
}
