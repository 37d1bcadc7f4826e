package io.velox.serving.items;

import io.velox.core.item.ItemGuesses;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.topk.CatalogueIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registered items that one version does not know, with the features that it takes them for. A change is in the picture after a twentieth of a
 * second, or after five times as long as it takes to lay the picture out; many changes are laid out at once.
 *
 * <p>Takes about 8·d + 200 bytes an item. Safe for use from any thread; reading never waits.
 */
public final class ProvisionalCatalogue {
    private static final Logger LOG = LoggerFactory.getLogger(ProvisionalCatalogue.class);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int PAUSE_TO_WORK = 5;
    private static final long GUESSED = -1;

    private final int dimension;
    private final Optional<ItemGuesses> guesses;
    private final AttributeIndex index;
    private final Later later;
    private final Map<String, Row> rows = new HashMap<>();
    private final AtomicBoolean isComing = new AtomicBoolean();
    private final Object building = new Object();
    private volatile Duration lastBuild = Duration.ZERO;
    private volatile Provisional picture;

    /**
     * What is known of one item.
     *
     * @param registered revision of the registration
     * @param learnt revision of what the features have learnt from ratings; {@link #GUESSED} if that is nothing
     */
    private record Row(FeatureVector features, long registered, long learnt) {
        boolean isGuessed() {
            return learnt == GUESSED;
        }

        long revision() {
            return Math.max(registered, learnt);
        }
    }

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
     * @param features of the version's dimension; what is not finite in float is passed over
     * @param revision of what was learnt, from 0; what is older than another is passed over
     */
    public void improved(Item item, FeatureVector features, long revision) {
        synchronized (rows) {
            Row before = item.isId() ? rows.get(item.text()) : null;
            if (before == null || before.learnt >= revision || !isUsable(item.text(), features)) {
                return;
            }
            rows.put(item.text(), new Row(features, before.registered, revision));
        }
        changed();
    }

    /** Takes an item in that the version does not know, or its new registration. */
    void put(RegisteredItem item) {
        Optional<FeatureVector> guess =
                guesses.flatMap(g -> g.features(item.metadata())).filter(f -> isUsable(item.item(), f));
        synchronized (rows) {
            Row before = rows.get(item.item());
            if (before != null && !before.isGuessed()) {
                rows.put(item.item(), new Row(before.features, item.revision(), before.learnt));
            } else if (guess.isPresent()) {
                rows.put(item.item(), new Row(guess.get(), item.revision(), GUESSED));
            } else {
                rows.remove(item.item());
            }
        }
        changed();
    }

    /** One that is not would spoil the scores of all. */
    private boolean isUsable(String item, FeatureVector features) {
        boolean isUsable = features.dimension() == dimension
                && Arrays.stream(features.values()).allMatch(ProvisionalCatalogue::isFloat)
                && isFloat(features.offset())
                && isFloat(features.noise());
        if (!isUsable) {
            LOG.error("the features of item '{}' are not {} finite numbers, and are passed over", item, dimension);
        }
        return isUsable;
    }

    private static boolean isFloat(double value) {
        return Float.isFinite((float) value);
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
        items.forEach(
                item -> revisions[built.row(item.getKey())] = item.getValue().revision());
        return new Provisional(CatalogueIndex.of(built), revisions, new MatchingRows(built, index));
    }
}
