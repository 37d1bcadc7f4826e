package io.velox.bench.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.velox.bench.data.RatingTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The requests of a soak: users and items at random, as they are in a data set. {@link #observation} and {@link #read} are each called by
 * one thread.
 */
final class SoakRequests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int ITEMS = 10;

    private final URI api;
    private final RatingTable ratings;
    private final List<String> items;
    private final SplittableRandom observed;
    private final SplittableRandom asked;
    private volatile Receipt last = new Receipt("", "");
    private int reads;

    private record Receipt(String uid, String receipt) {}

    SoakRequests(URI api, RatingTable ratings, long seed) {
        this.api = api;
        this.ratings = ratings;
        this.items = ratings.items();
        this.observed = new SplittableRandom(seed);
        this.asked = new SplittableRandom(seed + 1);
    }

    /** Any item by the user of any row; in a small set often one that the user has rated before. */
    HttpRequest observation() {
        int row = observed.nextInt(ratings.size());
        return observation(row, items.get(observed.nextInt(items.size())));
    }

    /** A rating as it is in the data set. */
    HttpRequest observation(int row) {
        return observation(row, ratings.item(row));
    }

    private HttpRequest observation(int row, String item) {
        String uid = ratings.uid(ratings.user(row));
        ObjectNode body =
                JSON.createObjectNode().put("uid", uid).put("item", item).put("label", ratings.label(row));
        return request("/v1/observe", body).header("X-Uid", uid).build();
    }

    /** Keeps the receipt for a read that follows. */
    void observed(HttpResponse<byte[]> answer) {
        String uid = answer.request().headers().firstValue("X-Uid").orElseThrow();
        last = new Receipt(uid, parsed(answer).path("receipt").asText());
    }

    /** Scores of ten items for the user of an observation that was just answered, no older than that; for any thread. */
    HttpRequest readAfter(HttpResponse<byte[]> answer) {
        String uid = answer.request().headers().firstValue("X-Uid").orElseThrow();
        ObjectNode body = JSON.createObjectNode().put("uid", uid);
        body.put("after", parsed(answer).path("receipt").asText());
        ArrayNode list = body.putArray("items");
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < ITEMS; i++) {
            list.add(items.get(random.nextInt(items.size())));
        }
        return request("/v1/models/als/predict", body).build();
    }

    /** In turn: scores of ten items, the best ten of all, and each of them for a user who has just been observed, no older than that. */
    HttpRequest read() {
        Receipt receipt = last;
        boolean isAfter = reads % 4 >= 2 && !receipt.uid().isEmpty();
        String uid = isAfter ? receipt.uid() : ratings.uid(asked.nextInt(ratings.users()));
        ObjectNode body = JSON.createObjectNode().put("uid", uid);
        if (isAfter) {
            body.put("after", receipt.receipt());
        }
        if (reads++ % 2 == 0) {
            ArrayNode list = body.putArray("items");
            for (int i = 0; i < ITEMS; i++) {
                list.add(items.get(asked.nextInt(items.size())));
            }
            return request("/v1/models/als/predict", body).build();
        }
        return request("/v1/models/als/topk", body.put("k", ITEMS)).build();
    }

    private HttpRequest.Builder request(String path, JsonNode body) {
        return HttpRequest.newBuilder(api.resolve(path))
                .header("Content-Type", "application/json")
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    private static JsonNode parsed(HttpResponse<byte[]> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
