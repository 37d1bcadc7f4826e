package io.velox.serving.features;

import io.velox.core.model.FactorRow;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.FactorFile;
import io.velox.core.store.StoredTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The features of a version whose table stays in the store: from its warm set, from the cache, and else by a read. Safe for use from
 * any thread.
 */
public final class StoredFeatures implements ItemFeatures {
    private final ModelVersion version;
    private final StoredTable table;
    private final FeatureCache cache;
    private final StorePool scans;
    private final WarmSets warmSets;
    private final CompletableFuture<Void> warmed;
    private final Map<String, FactorRow> warm = new ConcurrentHashMap<>();
    private volatile boolean isReleased;

    StoredFeatures(ModelVersion version, StoredTable table, FeatureCache cache, StorePool scans, WarmSets warmSets) {
        this.version = version;
        this.table = table;
        this.cache = cache;
        this.scans = scans;
        this.warmSets = warmSets;
        this.warmed = warmSets.add(version, new WarmSet(warm, table, () -> isReleased));
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
        Set<FeatureKey> missing = new HashSet<>();
        for (Item item : items) {
            if (item.isId() && !rows.containsKey(item.text()) && !unknown.contains(item.text())) {
                FeatureKey key = new FeatureKey(version, item.text());
                FactorRow row = warm.get(key.item());
                row = row == null ? cache.ifPresent(key) : row;
                if (row == null) {
                    missing.add(key);
                } else if (FeatureCache.isUnknown(row)) {
                    unknown.add(key.item());
                } else {
                    rows.put(key.item(), row);
                }
            }
        }
        cache.count(rows.size() + unknown.size(), missing.size());
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(new Gathered(rows));
        }
        List<FeatureKey> keys = new ArrayList<>(missing);
        return cache.read(table, keys).thenApply(read -> {
            if (isReleased) {
                cache.remove(keys);
            }
            read.forEach((key, row) -> {
                if (!FeatureCache.isUnknown(row)) {
                    rows.put(key.item(), row);
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
        return scans.call(isWanted -> {
            table.scan(isWanted, consumer);
            return CompletableFuture.completedFuture(null);
        });
    }

    @Override
    public CompletableFuture<Void> warmed() {
        return warmed.copy();
    }

    @Override
    public void release() {
        isReleased = true;
        warmSets.remove(version);
        warm.clear();
        cache.remove(version);
        table.close();
    }
}
