package io.velox.serving.items;

import io.velox.core.item.ItemEvidence;
import io.velox.core.item.ItemGuesses;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
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
     * @param revision of the registration
     * @param ratings that the features have learnt
     */
    record Row(FeatureVector features, long revision, int ratings) {}

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

    boolean has(String item) {
        synchronized (rows) {
            return rows.containsKey(item);
        }
    }

    /**
     * What the version takes an item for that it does not know; O(d³) where there are ratings.
     *
     * @param evidence what its ratings say; empty if there are none
     * @return empty if it takes it for nothing
     */
    Optional<Row> guess(RegisteredItem item, Optional<ItemEvidence> evidence) {
        Optional<FeatureVector> features = guesses.flatMap(
                        g -> evidence.filter(this::fits).isPresent()
                                ? g.features(item.metadata(), evidence.get())
                                : g.features(item.metadata()))
                .filter(f -> isUsable(item.item(), f));
        int ratings = evidence.filter(this::fits).map(ItemEvidence::count).orElse(0);
        return features.map(f -> new Row(f, item.revision(), ratings));
    }

    void put(String item, Row row) {
        synchronized (rows) {
            rows.put(item, row);
        }
        changed();
    }

    private boolean fits(ItemEvidence evidence) {
        return evidence.dimension() == dimension;
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
        int[] ratings = new int[built.size()];
        items.forEach(item -> {
            int row = built.row(item.getKey());
            revisions[row] = item.getValue().revision;
            ratings[row] = item.getValue().ratings;
        });
        return new Provisional(CatalogueIndex.of(built), revisions, ratings, new MatchingRows(built, index));
    }
}
