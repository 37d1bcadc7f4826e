package io.velox.serving.items;

import io.velox.core.model.FactorTable;
import io.velox.core.model.Item;
import io.velox.serving.features.StoredFeatures;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Which items a version was trained on. */
interface Knowledge {
    /** More than so many are told apart by one scan of the table. */
    int MANY = 1_000;

    /** Those of the items that it was not trained on; fails as {@link io.velox.serving.features.ItemFeatures#gather} does. */
    CompletableFuture<Set<String>> unknownOf(Set<String> items);

    /** Of a table in memory. */
    static Knowledge of(FactorTable table) {
        return items -> CompletableFuture.completedFuture(
                items.stream().filter(item -> table.row(item) < 0).collect(Collectors.toSet()));
    }

    /** Of a table that stays in the store. */
    static Knowledge of(StoredFeatures features) {
        return items -> {
            if (items.size() > MANY) {
                Set<String> unknown = ConcurrentHashMap.newKeySet();
                unknown.addAll(items);
                return features.scan((id, values, offset, noise) -> unknown.remove(id))
                        .thenApply(done -> unknown);
            }
            List<Item> asked = items.stream().map(Item::ofId).toList();
            return features.gather(asked).thenApply(found -> asked.stream()
                    .filter(item -> found.features(item).isEmpty())
                    .map(Item::text)
                    .collect(Collectors.toSet()));
        };
    }
}
