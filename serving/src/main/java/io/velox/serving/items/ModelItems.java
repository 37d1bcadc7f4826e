package io.velox.serving.items;

import io.velox.core.item.ItemEvidence;
import io.velox.core.item.Metadata;
import io.velox.core.log.ItemUpdate;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/** What is registered of the items of one model, and the open versions that are told of each change. Safe for use from any thread. */
final class ModelItems {
    private final AttributeIndex index = new AttributeIndex();
    private final List<VersionItems> versions = new CopyOnWriteArrayList<>();

    /** What ratings say of items, by version; guarded by the index. */
    private final Map<ModelVersion, Map<String, ItemEvidence>> learnt = new HashMap<>();

    /** Guards itself. */
    AttributeIndex index() {
        return index;
    }

    /** Tells a version of each change from now on; returns what is registered until then. */
    List<RegisteredItem> follow(VersionItems version) {
        synchronized (index) {
            versions.add(version);
            return index.all();
        }
    }

    void unfollow(VersionItems version) {
        versions.remove(version);
    }

    /** Takes a registration, unless a later one is here. */
    void put(RegisteredItem item) {
        synchronized (index) {
            if (isOlder(item.revision(), item.item())) {
                return;
            }
            Metadata before = index.put(item).map(RegisteredItem::metadata).orElse(Metadata.NONE);
            versions.forEach(version -> version.registered(item, before));
        }
        versions.forEach(version -> version.tell(List.of(item.item())));
    }

    /** Takes a registration out, unless it came later. */
    void remove(String item, long revision) {
        synchronized (index) {
            if (!isOlder(revision, item)) {
                index.remove(item)
                        .ifPresent(before -> versions.forEach(version -> version.removed(item, before.metadata())));
            }
        }
    }

    /** Takes what ratings say of an item that a version was not trained on. */
    void learn(ItemUpdate update) {
        synchronized (index) {
            Map<String, ItemEvidence> items = learnt.computeIfAbsent(update.version(), version -> new HashMap<>());
            if (update.value() == null) {
                items.remove(update.item());
            } else {
                items.put(update.item(), update.value().evidence());
            }
            if (items.isEmpty()) {
                learnt.remove(update.version());
            }
        }
        versions.forEach(version -> version.learnt(update));
    }

    /** What ratings say of an item, to a version that was not trained on it; empty if there are none. */
    Optional<ItemEvidence> evidence(ModelVersion version, String item) {
        synchronized (index) {
            return Optional.ofNullable(learnt.getOrDefault(version, Map.of()).get(item));
        }
    }

    private boolean isOlder(long revision, String item) {
        return index.find(item).filter(known -> known.revision() >= revision).isPresent();
    }

    Optional<RegisteredItem> find(String item) {
        synchronized (index) {
            return index.find(item);
        }
    }

    List<RegisteredItem> all() {
        synchronized (index) {
            return index.all();
        }
    }

    /** The items that a filter with fields lets pass, in no order; empty if that may be more than {@code most}. */
    Optional<List<Item>> passing(ItemFilter filter, int most) {
        ToIntFunction<Entry<String, List<String>>> count = field -> field.getValue().stream()
                .mapToInt(value -> index.count(new Attribute(field.getKey(), value)))
                .sum();
        synchronized (index) {
            Entry<String, List<String>> fewest = filter.fields().entrySet().stream()
                    .min(Comparator.comparingInt(count))
                    .orElseThrow();
            if (count.applyAsInt(fewest) > most) {
                return Optional.empty();
            }
            Set<Item> passing = new LinkedHashSet<>(); // an item may have several of the values
            for (String value : fewest.getValue()) {
                index.each(new Attribute(fewest.getKey(), value), item -> {
                    if (filter.passes(item.metadata())) {
                        passing.add(Item.ofId(item.item()));
                    }
                });
            }
            return Optional.of(List.copyOf(passing));
        }
    }
}
