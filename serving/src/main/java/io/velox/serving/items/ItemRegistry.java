package io.velox.serving.items;

import io.velox.core.log.ItemKey;
import io.velox.core.log.ItemRecord;
import io.velox.core.log.ItemUpdate;
import io.velox.core.model.ModelVersion;
import io.velox.serving.features.OpenVersion;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What is registered of the items of all models, as far as this node has read the topic of items; memory as {@link AttributeIndex} says, and about 4·d² bytes
 * for each item that was rated and that a version was not trained on. Safe for use from
 * any thread; nothing blocks.
 */
public final class ItemRegistry {
    private final Map<String, ModelItems> models = new ConcurrentHashMap<>();
    private final Later later;

    /** @param scheduler for what open versions do a little later */
    public ItemRegistry(ScheduledExecutorService scheduler) {
        this.later = Later.on(scheduler);
    }

    /** Takes a registration; one that is not later than what is here changes nothing. */
    public void accept(ItemRecord record, long revision) {
        model(record.model()).put(new RegisteredItem(record.item(), record.metadata(), revision));
    }

    /** Takes a registration out, if it is older than {@code revision}. */
    public void remove(ItemKey key, long revision) {
        model(key.model()).remove(key.item(), revision);
    }

    /** Takes what ratings say of an item that a version was not trained on, in place of what they said before. */
    public void learn(ItemUpdate update) {
        model(update.version().model()).learn(update);
    }

    /** An item's registration; empty if there is none. */
    public Optional<RegisteredItem> find(ItemKey key) {
        return model(key.model()).find(key.item());
    }

    /** All that is registered of a model, by item. */
    public List<RegisteredItem> all(String model) {
        return model(model).all().stream()
                .sorted(Comparator.comparing(RegisteredItem::item))
                .toList();
    }

    /** What is registered, as a version sees it that is being opened; the caller closes it. */
    public VersionItems open(ModelVersion id, OpenVersion version) {
        return VersionItems.follow(
                id, model(id.model()), version.model().dimension(), version.features(), version.guesses(), later);
    }

    private ModelItems model(String model) {
        return models.computeIfAbsent(model, m -> new ModelItems());
    }
}
