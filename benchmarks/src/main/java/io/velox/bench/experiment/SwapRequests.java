package io.velox.bench.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.velox.bench.data.RatingTable;
import io.velox.bench.data.SendingOrder;
import io.velox.bench.load.Call;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The requests of a swap: users by how much they rate, items by how much they are rated. Observed are ratings of the data set that were
 * not imported, in a random order; one user in ten is asked for but never observed, and some are asked for of whom nothing is known. Each
 * kind of request is made by one thread.
 */
final class SwapRequests {
    /** How many items each topk chooses from. */
    static final int CANDIDATES = 50;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VISITOR = "visitor-";
    private static final int VISITORS_ONE_IN = 50;
    private static final int STILL_ONE_IN = 10;
    private static final int BEST = 10;

    private final RatingTable ratings;
    private final Set<String> still = new HashSet<>();
    private final int[] imported;
    private final int[] heldBack;
    private final SplittableRandom predicted;
    private final SplittableRandom ranked;
    private int observed;

    /** @param heldBackShare of the ratings, which are not imported but observed later */
    SwapRequests(RatingTable ratings, double heldBackShare, long seed) {
        this.ratings = ratings;
        this.predicted = new SplittableRandom(seed);
        this.ranked = new SplittableRandom(seed + 1);
        for (int user = 0; user < ratings.users(); user += STILL_ONE_IN) {
            still.add(ratings.uid(user));
        }
        int[] rows = SendingOrder.INTERLEAVED.rows(ratings, seed);
        SplittableRandom random = new SplittableRandom(seed + 2);
        boolean[] isHeldBack = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            isHeldBack[i] = random.nextDouble() < heldBackShare && !still.contains(ratings.uid(ratings.user(rows[i])));
        }
        this.imported = IntStream.range(0, rows.length)
                .filter(i -> !isHeldBack[i])
                .map(i -> rows[i])
                .toArray();
        this.heldBack = IntStream.range(0, rows.length)
                .filter(i -> isHeldBack[i])
                .map(i -> rows[i])
                .toArray();
    }

    /** The rows to import first. */
    int[] imported() {
        return imported.clone();
    }

    /** Whether nothing is observed of the user, so that what is known stays as it is. */
    boolean isStill(String uid) {
        return still.contains(uid) || uid.startsWith(VISITOR);
    }

    /** The score of one item. */
    Call predict() {
        String uid = predicted.nextInt(VISITORS_ONE_IN) == 0 ? VISITOR + predicted.nextInt(1_000) : uid(predicted);
        return new Call(
                "/v1/models/als/predict",
                JSON.createObjectNode().put("uid", uid).put("item", item(predicted)));
    }

    /** The best of some items. */
    Call topK() {
        Set<String> candidates = new LinkedHashSet<>();
        while (candidates.size() < Math.min(CANDIDATES, ratings.items().size() / 2)) {
            candidates.add(item(ranked));
        }
        ObjectNode body = JSON.createObjectNode().put("uid", uid(ranked)).put("k", BEST);
        ArrayNode items = body.putArray("items");
        candidates.forEach(items::add);
        return new Call("/v1/models/als/topk", body);
    }

    /** A rating that the user has not given before; once there are no more, the first again. */
    Call observe() {
        int row = heldBack[observed++ % heldBack.length];
        return new Call(
                "/v1/observe",
                JSON.createObjectNode()
                        .put("uid", ratings.uid(ratings.user(row)))
                        .put("item", ratings.item(row))
                        .put("label", ratings.label(row)));
    }

    private String uid(SplittableRandom random) {
        return ratings.uid(ratings.user(imported[random.nextInt(imported.length)]));
    }

    private String item(SplittableRandom random) {
        return ratings.item(imported[random.nextInt(imported.length)]);
    }
}
