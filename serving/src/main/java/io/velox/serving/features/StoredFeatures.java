package io.velox.serving.features;

import io.velox.core.model.FactorRow;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.FactorFile;
import io.velox.core.store.StoredTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The features of a version whose table stays in the store: from the cache, and else by a read. Safe for use from any thread.
 */
public final class StoredFeatures implements ItemFeatures {
    private final ModelVersion version;
    private final StoredTable table;
    private final FeatureCache cache;
    private final StorePool scans;
    private final FeatureWarmer warmer;
    private final CompletableFuture<Void> warmed;
    private volatile boolean isReleased;

    StoredFeatures(ModelVersion version, StoredTable table, FeatureCache cache, StorePool scans, FeatureWarmer warmer) {
        this.version = version;
        this.table = table;
        this.cache = cache;
        this.scans = scans;
        this.warmer = warmer;
        this.warmed = warmer.add(version, table);
    }

    /** Rows by item; what is not in it the version does not know. */
    @SuppressWarnings("UnusedVariable") // Error Prone does not see that the methods read it
    private record Gathered(Map<String, FactorRow> rows) implements FeaturesAtHand {
        @Override
        public OptionalDouble score(Item item, double[] weights) {
            FactorRow row = row(item);
            return row == null ? OptionalDouble.empty() : OptionalDouble.of(row.score(weights));
        }

        @Override
        public Optional<FeatureVector> features(Item item) {
            return Optional.ofNullable(row(item)).map(FactorRow::vector);
        }

        private @Nullable FactorRow row(Item item) {
            return item.isId() ? rows.get(item.text()) : null;
        }
    }

    @Override
    public CompletableFuture<FeaturesAtHand> gather(Collection<Item> items) {
        Map<String, FactorRow> rows = new HashMap<>();
        Set<String> unknown = new HashSet<>();
        Set<String> missing = new HashSet<>();
        for (Item item : items) {
            if (item.isId() && !rows.containsKey(item.text()) && !unknown.contains(item.text())) {
                FactorRow row = cache.ifPresent(version, item.text());
                if (row == null) {
                    missing.add(item.text());
                } else if (FeatureCache.isUnknown(row)) {
                    unknown.add(item.text());
                } else {
                    rows.put(item.text(), row);
                }
            }
        }
        cache.count(rows.size() + unknown.size(), missing.size());
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(new Gathered(rows));
        }
        return cache.read(version, table, missing).thenApply(read -> {
            if (isReleased) {
                cache.remove(version, missing);
            }
            read.forEach((item, row) -> {
                if (!FeatureCache.isUnknown(row)) {
                    rows.put(item, row);
                }
            });
            return new Gathered(rows);
        });
    }

    /** How many items the version knows. */
    public long size() {
        return table.size();
    }

    /**
     * Streams the whole table from the store; {@code consumer} is called on one thread of a pool for that. Fails as {@link #gather}
     * does, and with what the consumer throws.
     */
    public CompletableFuture<Void> scan(FactorFile.RowConsumer consumer) {
        return scans.call(isWanted -> table.scan(isWanted, consumer));
    }

    @Override
    public CompletableFuture<Void> warmed() {
        return warmed.copy();
    }

    @Override
    public void release() {
        isReleased = true;
        warmer.remove(version);
        cache.remove(version);
        table.close();
    }
}
