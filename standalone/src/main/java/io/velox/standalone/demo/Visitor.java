package io.velox.standalone.demo;

import io.velox.client.ItemFeatures;
import io.velox.client.ItemScore;
import io.velox.client.TopItems;
import io.velox.client.TopKRequest;
import io.velox.client.VeloxClient;
import io.velox.client.VeloxClientException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Somebody new, with a clear taste: likes the best-known film and those whose features point the same way, dislikes those that point
 * away.
 */
final class Visitor {
    static final int K = 10;

    private static final int LIKED = 5;
    private static final int DISLIKED = 3;
    private static final int WELL_KNOWN = 60;

    private final VeloxClient client;
    private final String model;
    private final int version;
    private final String uid;

    Visitor(VeloxClient client, String model, int version, String uid) {
        this.client = client;
        this.model = model;
        this.version = version;
        this.uid = uid;
    }

    String uid() {
        return uid;
    }

    /** The ids of the best items right now, without what was rated, reflecting the observation with this receipt. */
    List<String> best(Optional<String> receipt) {
        TopItems answer =
                client.topK(model, TopKRequest.of(uid, K).excludingSeen().after(receipt.orElse(null)));
        return answer.items().stream().map(ItemScore::id).toList();
    }

    /** What the visitor thinks of some well-known films. */
    List<Rating> opinions(Census census, Instant now) {
        List<ItemFeatures> known = new ArrayList<>();
        for (String item : census.mostImported()) {
            if (known.size() < WELL_KNOWN) {
                features(item).ifPresent(known::add);
            }
        }
        if (known.isEmpty()) {
            return List.of();
        }
        double[] taste = known.get(0).features();
        List<ItemFeatures> nearestFirst = known.stream()
                .sorted(Comparator.comparingDouble((ItemFeatures f) -> -cosine(taste, f.features())))
                .toList();
        int liked = Math.min(LIKED, nearestFirst.size());
        int disliked = Math.min(DISLIKED, nearestFirst.size() - liked);
        List<Rating> opinions = new ArrayList<>();
        nearestFirst
                .subList(0, liked)
                .forEach(f -> opinions.add(new Rating(f.item().asText(), census.highest(), now)));
        nearestFirst
                .subList(nearestFirst.size() - disliked, nearestFirst.size())
                .forEach(f -> opinions.add(new Rating(f.item().asText(), Math.max(1, census.lowest()), now)));
        return opinions;
    }

    private Optional<ItemFeatures> features(String item) {
        try {
            return Optional.of(client.item(model, item, version));
        } catch (VeloxClientException e) {
            if (e.code().equals("UNKNOWN_ITEM")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Of the item factors, without the constant that is appended to them. */
    private static double cosine(double[] a, double[] b) {
        double[] x = Arrays.copyOf(a, Math.max(1, a.length - 1));
        double[] y = Arrays.copyOf(b, Math.max(1, b.length - 1));
        double dot = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            dot += x[i] * y[i];
            xx += x[i] * x[i];
            yy += y[i] * y[i];
        }
        return xx == 0 || yy == 0 ? 0 : dot / Math.sqrt(xx * yy);
    }
}
