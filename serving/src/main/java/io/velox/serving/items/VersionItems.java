package io.velox.serving.items;

import io.velox.core.item.ItemEvidence;
import io.velox.core.item.ItemGuesses;
import io.velox.core.item.Metadata;
import io.velox.core.log.ItemUpdate;
import io.velox.core.model.FactorTable;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import io.velox.core.topk.CatalogueIndex;
import io.velox.serving.features.ItemFeatures;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.features.StoredFeatures;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is registered of items, as one loaded version sees it: the rows of its table that a filter lets pass, and the items that it does not know. Follows
 * the registrations until it is closed. Safe for use from any thread; nothing blocks.
 */
public final class VersionItems implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VersionItems.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ModelVersion version;
    private final ModelItems items;
    private final Optional<Knowledge> knowledge;
    private final FactorTable table;
    private final MatchingRows matching;
    private final ProvisionalCatalogue provisional;
    private final Later later;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private Set<String> toTell = new HashSet<>();
    private boolean isAsking;
    private volatile boolean isClosed;

    private VersionItems(
            ModelVersion version,
            ModelItems items,
            int dimension,
            ItemFeatures features,
            Optional<ItemGuesses> guesses,
            Later later) {
        this.version = version;
        this.items = items;
        this.later = later;
        Optional<FactorTable> inMemory = features instanceof ModelFeatures known
                ? known.catalogue().map(CatalogueIndex::table)
                : Optional.empty();
        this.table = inMemory.orElseGet(() -> new FactorTable.Builder(dimension).build());
        this.matching = new MatchingRows(table, items.index());
        this.knowledge = guesses.isEmpty()
                ? Optional.empty()
                : inMemory.map(Knowledge::of)
                        .or(() -> features instanceof StoredFeatures stored
                                ? Optional.of(Knowledge.of(stored))
                                : Optional.empty());
        this.provisional = new ProvisionalCatalogue(dimension, guesses, items.index(), later);
    }

    /**
     * Opens and follows.
     *
     * @param guesses empty for a version that takes no item for anything
     * @param later for pictures of the provisional items, and for what is tried again
     */
    static VersionItems follow(
            ModelVersion version,
            ModelItems items,
            int dimension,
            ItemFeatures features,
            Optional<ItemGuesses> guesses,
            Later later) {
        VersionItems opened = new VersionItems(version, items, dimension, features, guesses, later);
        List<RegisteredItem> registered = items.follow(opened);
        opened.tell(registered.stream().map(RegisteredItem::item).toList());
        return opened;
    }

    /** Of a version of a model of which nothing is registered, or ever will be. */
    public static VersionItems unregistered(ModelVersion version, int dimension, ItemFeatures features) {
        return follow(version, new ModelItems(), dimension, features, Optional.empty(), (delay, task) -> task.run());
    }

    /** Completes when the items are told apart that were registered when the version was opened. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** An item's registration; empty if there is none. */
    public Optional<RegisteredItem> find(Item item) {
        return item.isId() ? items.find(item.text()) : Optional.empty();
    }

    /** The items that the version does not know, and what it takes them for. */
    public Provisional provisional() {
        return provisional.current();
    }

    /** Whether a filter lets an item pass. */
    public boolean passes(ItemFilter filter, Item item) {
        return filter.isEmpty()
                || find(item).filter(found -> filter.passes(found.metadata())).isPresent();
    }

    /** The rows of a table in memory that a filter lets pass; the caller's own. The filter has fields. */
    public BitSet passing(ItemFilter filter) {
        return matching.of(filter);
    }

    /** The items that a filter with fields lets pass, whether the version knows them or not; empty if that may be more than {@code most}. */
    public Optional<List<Item>> passing(ItemFilter filter, int most) {
        return items.passing(filter, most);
    }

    /** An item is registered, or registered anew; called under the index's monitor. */
    void registered(RegisteredItem item, Metadata before) {
        matching.changed(item.item(), before, item.metadata());
        provisional.current().matching().changed(item.item(), before, item.metadata());
    }

    /** An item is no longer registered; called under the index's monitor. */
    void removed(String item, Metadata before) {
        matching.changed(item, before, Metadata.NONE);
        provisional.current().matching().changed(item, before, Metadata.NONE);
        provisional.remove(item);
    }

    /** Ratings say something of an item. */
    void learnt(ItemUpdate update) {
        if (update.version().equals(version) && provisional.has(update.item())) {
            takeIn(update.item());
        }
    }

    /** Takes those of the items in that the version does not know. */
    void tell(Collection<String> registered) {
        if (knowledge.isEmpty()) {
            ready.complete(null);
            return;
        }
        synchronized (ready) {
            toTell.addAll(registered);
        }
        ask();
    }

    private void ask() {
        Set<String> asked;
        synchronized (ready) {
            if (isAsking || isClosed) {
                return;
            }
            asked = toTell;
            toTell = new HashSet<>();
            isAsking = !asked.isEmpty();
        }
        if (asked.isEmpty()) {
            if (!ready.isDone()) {
                provisional.build();
                ready.complete(null);
            }
            return;
        }
        var unused = knowledge.orElseThrow().unknownOf(asked).whenComplete((unknown, failure) -> {
            synchronized (ready) {
                isAsking = false;
                if (failure != null) {
                    toTell.addAll(asked);
                }
            }
            if (failure != null) {
                LOG.warn("{}: it cannot be told yet which registered items are new: {}", version, failure.toString());
                later.run(RETRY, this::ask);
            } else {
                unknown.forEach(this::takeIn);
                ask();
            }
        });
    }

    /** Computes without the index's monitor, for which filters wait, and begins again if something was told of the item meanwhile. */
    private void takeIn(String item) {
        boolean isDone = false;
        while (!isDone) {
            Optional<RegisteredItem> found;
            Optional<ItemEvidence> evidence;
            synchronized (items.index()) {
                found = items.find(item);
                evidence = items.evidence(version, item);
            }
            Optional<ProvisionalCatalogue.Row> row = found.flatMap(known -> provisional.guess(known, evidence));
            synchronized (items.index()) {
                isDone = found.equals(items.find(item)) && evidence.equals(items.evidence(version, item));
                if (isDone) {
                    row.ifPresentOrElse(r -> provisional.put(item, r), () -> provisional.remove(item));
                }
            }
        }
    }

    /** No longer follows; what it has can still be read. */
    @Override
    public void close() {
        isClosed = true;
        items.unfollow(this);
        ready.complete(null);
    }
}
