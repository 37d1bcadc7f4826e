package io.velox.retrain;

import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.store.FactorFile;
import io.velox.core.store.ModelStore;
import io.velox.core.store.StoredFile;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Writes the tables of a version from Spark's executors: each part under a name of its own run and attempt, so that nothing is ever
 * overwritten, and what a lost attempt left behind is in no manifest.
 */
final class VersionWriter implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int ITEMS_PER_PART = 100_000;

    private final String root;
    private final Map<String, String> hadoop;
    private final String model;
    private final int version;
    private final String run = UUID.randomUUID().toString().substring(0, 8);

    VersionWriter(URI root, Map<String, String> hadoop, ModelVersion version) {
        this.root = root.toString();
        this.hadoop = hadoop;
        this.model = version.model();
        this.version = version.version();
    }

    /** Writes {@code items/}: one row for each item that training saw. */
    List<StoredFile> writeItems(JavaSparkContext spark, Broadcast<ItemTable> items, Broadcast<ItemDictionary> ids) {
        int size = items.value().size();
        int parts = Math.max(1, (size + ITEMS_PER_PART - 1) / ITEMS_PER_PART);
        return spark.parallelize(IntStream.range(0, parts).boxed().toList(), parts)
                .flatMap(part -> {
                    int from = part * ITEMS_PER_PART;
                    int to = Math.min(size, from + ITEMS_PER_PART);
                    return writePart("items", part, out -> {
                                for (int item = from; item < to; item++) {
                                    if (items.value().has(item)) {
                                        out.add(
                                                ids.value().id(item),
                                                items.value().row(item),
                                                items.value().offset(item),
                                                items.value().noise(item));
                                    }
                                }
                            })
                            .iterator();
                })
                .collect();
    }

    /** Writes {@code users/}: one row for each user of the archive; who has no ratings has the prior's mean. */
    List<StoredFile> writeUsers(JavaRDD<UserRatings> users, Prior prior, Trained.UserRule weights) {
        return users.mapPartitionsWithIndex((part, partition) -> writeUsers(part, partition, prior, weights), false)
                .collect();
    }

    /** Writes {@code posterior/}: mean and packed covariance of each item, one part for each block. */
    List<StoredFile> writePosterior(PolishState state, Broadcast<ItemDictionary> ids) {
        return state.items()
                .mapPartitionsWithIndex(
                        (part, blocks) -> {
                            ItemBlock block = blocks.next();
                            return block.items().length == 0
                                    ? List.<StoredFile>of().iterator()
                                    : writePart("posterior", part, out -> writeBlock(block, ids.value(), out))
                                            .iterator();
                        },
                        false)
                .collect();
    }

    private static void writeBlock(ItemBlock block, ItemDictionary ids, FactorFile.Writer out) throws IOException {
        for (int i = 0; i < block.items().length; i++) {
            double[] mean = block.posteriors()[i].mean();
            double[] covariance = block.posteriors()[i].covariance();
            double[] row = Arrays.copyOf(mean, mean.length + covariance.length);
            System.arraycopy(covariance, 0, row, mean.length, covariance.length);
            out.add(ids.id(block.items()[i]), floats(row), 0, 0);
        }
    }

    private Iterator<StoredFile> writeUsers(int part, Iterator<UserRatings> users, Prior prior, Trained.UserRule rule)
            throws IOException {
        if (!users.hasNext()) {
            return List.<StoredFile>of().iterator();
        }
        return writePart("users", part, out -> {
                    while (users.hasNext()) {
                        UserRatings user = users.next();
                        double[] weights = user.size() == 0 ? prior.mean() : rule.weights(user);
                        out.add(user.uid(), floats(weights), 0, 0);
                    }
                })
                .iterator();
    }

    /** Fills one part. */
    @FunctionalInterface
    private interface Rows {
        void writeTo(FactorFile.Writer out) throws IOException;
    }

    private List<StoredFile> writePart(String table, int part, Rows rows) throws IOException {
        ModelVersion id = new ModelVersion(model, version);
        ModelStore store = ModelStore.open(URI.create(root), hadoop);
        try {
            String name = "%s/part-%05d-%s-%d"
                    .formatted(table, part, run, TaskContext.get().taskAttemptId());
            try (FactorFile.Writer out = store.createPart(id, name)) {
                rows.writeTo(out);
            }
            return new ArrayList<>(store.describePart(id, name));
        } finally {
            store.fileSystem().close();
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
