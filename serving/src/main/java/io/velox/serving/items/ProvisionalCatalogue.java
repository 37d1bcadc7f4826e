package io.velox.serving.items;

import io.velox.core.item.ItemGuesses;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The registered items that one version does not know, with the features that it takes them for. A change is in the picture after a twentieth of a
 * second, or after five times as long as it takes to lay the picture out; many changes are laid out at once.
 *
 * <p>Takes about 8·d + 200 bytes an item. Safe for use from any thread; reading never waits.
 */
public final class ProvisionalCatalogue {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int PAUSE_TO_WORK = 5;

    private final int dimension;
    private final Optional<ItemGuesses> guesses;
    private final AttributeIndex index;
    private final Later later;
    private final Map<String, Row> rows = new HashMap<>();
    private final AtomicBoolean isComing = new AtomicBoolean();
    private final Object building = new Object();
    private volatile Duration lastBuild = Duration.ZERO;
    private volatile Provisional picture;

    /** @param isImproved whether the features have learnt from ratings */
    private record Row(FeatureVector features, long revision, boolean isImproved) {}

    /**
     * An empty catalogue.
     *
     * @param guesses empty for a version that takes no item for anything
     * @param later lays the pictures out
     */
    ProvisionalCatalogue(int dimension, Optional<ItemGuesses> guesses, AttributeIndex index, Later later) {
        this.dimension = dimension;
        this.guesses = guesses;
        this.index = index;
        this.later = later;
        this.picture = picture(List.of());
    }

    /** The items as they were a moment ago. */
    public Provisional current() {
        return picture;
    }

    /**
     * Takes features that have learnt from the item's first ratings in place of those that were guessed, or that had learnt from fewer. They stay when the
     * item is registered anew. Says nothing of an item that is not registered, or that the version knows.
     *
     * @param features of the version's dimension
     * @param revision of what was learnt; what is older than another is passed over
     */
    public void improved(Item item, FeatureVector features, long revision) {
        synchronized (rows) {
            Row before = item.isId() ? rows.get(item.text()) : null;
            if (before == null || (before.isImproved && before.revision >= revision)) {
                return;
            }
            rows.put(item.text(), new Row(features, Math.max(before.revision, revision), true));
        }
        changed();
    }

    /** Takes an item in that the version does not know, or its new registration. */
    void put(RegisteredItem item) {
        Optional<FeatureVector> guess = guesses.flatMap(g -> g.features(item.metadata()));
        synchronized (rows) {
            Row before = rows.get(item.item());
            if (before != null && before.isImproved) {
                rows.put(item.item(), new Row(before.features, Math.max(before.revision, item.revision()), true));
            } else if (guess.isPresent()) {
                rows.put(item.item(), new Row(guess.get(), item.revision(), false));
            } else {
                rows.remove(item.item());
            }
        }
        changed();
    }

    void remove(String item) {
        synchronized (rows) {
            if (rows.remove(item) == null) {
                return;
            }
        }
        changed();
    }

    private void changed() {
        if (isComing.compareAndSet(false, true)) {
            Duration pause = lastBuild.multipliedBy(PAUSE_TO_WORK);
            later.run(pause.compareTo(PAUSE) > 0 ? pause : PAUSE, this::build);
        }
    }

    /** Lays the picture out now. */
    void build() {
        synchronized (building) {
            long start = System.nanoTime();
            isComing.set(false);
            List<Entry<String, Row>> copy;
            synchronized (rows) {
                copy = new ArrayList<>(rows.size());
                rows.forEach((item, row) -> copy.add(Map.entry(item, row)));
            }
            picture = picture(copy);
            lastBuild = Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private Provisional picture(List<Entry<String, Row>> items) {
        FactorTable.Builder table = new FactorTable.Builder(dimension);
        for (Entry<String, Row> item : items) {
            FeatureVector features = item.getValue().features;
            float[] values = new float[dimension];
            for (int i = 0; i < dimension; i++) {
                values[i] = (float) features.values()[i];
            }
            table.add(item.getKey(), values, (float) features.offset(), (float) features.noise());
        }
        FactorTable built = table.build();
        long[] revisions = new long[built.size()];
        items.forEach(item -> revisions[built.row(item.getKey())] = item.getValue().revision);
        return new Provisional(CatalogueIndex.of(built), revisions, new MatchingRows(built, index));
    }
}
