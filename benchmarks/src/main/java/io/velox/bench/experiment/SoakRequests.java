package io.velox.bench.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.velox.bench.data.RatingTable;
import io.velox.bench.load.Call;
import io.velox.bench.load.Reply;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The requests of a soak: users and items at random, as they are in a data set. {@link #observation} and {@link #read} are each called by
 * one thread.
 */
final class SoakRequests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ITEMS = 10;

    private final RatingTable ratings;
    private final List<String> items;
    private final SplittableRandom observed;
    private final SplittableRandom asked;
    private volatile Receipt last = new Receipt("", "");
    private int reads;

    private record Receipt(String uid, String receipt) {
        static Receipt of(Reply reply) {
            return new Receipt(
                    reply.call().body().path("uid").asText(),
                    reply.json().path("receipt").asText());
        }
    }

    SoakRequests(RatingTable ratings, long seed) {
        this.ratings = ratings;
        this.items = ratings.items();
        this.observed = new SplittableRandom(seed);
        this.asked = new SplittableRandom(seed + 1);
    }

    /** Any item by the user of any row; in a small set often one that the user has rated before. */
    Call observation() {
        int row = observed.nextInt(ratings.size());
        return observation(row, items.get(observed.nextInt(items.size())));
    }

    /** A rating as it is in the data set. */
    Call observation(int row) {
        return observation(row, ratings.item(row));
    }

    private Call observation(int row, String item) {
        String uid = ratings.uid(ratings.user(row));
        ObjectNode body =
                JSON.createObjectNode().put("uid", uid).put("item", item).put("label", ratings.label(row));
        return new Call("/v1/observe", body);
    }

    /** Keeps the receipt for a read that follows. */
    void observed(Reply reply) {
        last = Receipt.of(reply);
    }

    /** Scores of ten items for the user of an observation that was just answered, no older than that; for any thread. */
    Call readAfter(Reply reply) {
        Receipt receipt = Receipt.of(reply);
        ObjectNode body = JSON.createObjectNode().put("uid", receipt.uid()).put("after", receipt.receipt());
        ArrayNode list = body.putArray("items");
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < ITEMS; i++) {
            list.add(items.get(random.nextInt(items.size())));
        }
        return new Call("/v1/models/als/predict", body);
    }

    /** In turn: scores of ten items, the best ten of all, and each of them for a user who has just been observed, no older than that. */
    Call read() {
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
            return new Call("/v1/models/als/predict", body);
        }
        return new Call("/v1/models/als/topk", body.put("k", ITEMS));
    }
}
