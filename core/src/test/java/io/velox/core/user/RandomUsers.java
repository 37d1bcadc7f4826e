package io.velox.core.user;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.velox.core.learn.LossStatistics;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random users and what they did, for the tests of codecs. */
public final class RandomUsers {
    private static final String[] TEXTS = {"1", "user 7", "ü/é", "😀", "x".repeat(256), "\"quoted\\\"", "\u2028"};

    private RandomUsers() {}

    public static String id(Random random) {
        return random.nextInt(4) == 0 ? TEXTS[random.nextInt(TEXTS.length)] : "id-" + random.nextInt(1_000_000);
    }

    public static Item item(Random random) {
        if (random.nextInt(3) > 0) {
            return Item.ofId(id(random));
        }
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        for (int i = random.nextInt(random.nextInt(20) == 0 ? 2000 : 10); i >= 0; i--) {
            data.add(random.nextInt(100) / 8.0);
        }
        return Item.ofJson(
                random.nextBoolean()
                        ? data
                        : JsonNodeFactory.instance.objectNode().put("ü\"", 1.5));
    }

    public static Revision revision(Random random) {
        return new Revision(random.nextInt(9), random.nextInt(1000), random.nextLong() >>> 5);
    }

    public static UserModel model(Random random) {
        List<UserWeights> weights = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            weights.add(new UserWeights(
                    new ModelVersion("model-" + i, 1 + random.nextInt(100)),
                    random.doubles(1 + random.nextInt(60), -1e3, 1e3).toArray(),
                    random.nextInt(1000),
                    new LossStatistics(random.nextInt(1000), random.nextDouble() * 1e6)));
        }
        return new UserModel(id(random), revision(random), random.nextInt(1000), random.nextBoolean(), weights);
    }

    public static HistoryEntry historyEntry(Random random) {
        return new HistoryEntry(
                random.nextLong() >>> 5,
                item(random),
                random.nextGaussian() * 1e6,
                Instant.ofEpochMilli(random.nextInt() * 1000L + random.nextInt(1000)),
                random.nextBoolean() ? id(random) : null);
    }

    public static Observation observation(Random random) {
        return new Observation(
                id(random),
                item(random),
                random.nextGaussian() * 1e6,
                Instant.ofEpochMilli(random.nextInt() * 1000L + random.nextInt(1000)),
                random.nextBoolean() ? id(random) : null,
                random.nextBoolean() ? id(random) : null);
    }
}
