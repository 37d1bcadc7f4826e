package io.velox.serving.features;

import io.velox.core.model.Item;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** The features of a version's items, wherever they are. Safe for use from any thread; nothing blocks. */
public interface ItemFeatures {
    /**
     * Fetches the features of some items, known or not.
     *
     * <p>Fails with {@code STORE_UNAVAILABLE}, {@code CORRUPT_MODEL} or {@code OVERLOADED}: never is an item taken for unknown because it
     * could not be read.
     */
    CompletableFuture<FeaturesAtHand> gather(Collection<Item> items);

    /** Completes when the version can go live without a cold cache: at once where there is nothing to warm. */
    CompletableFuture<Void> warmed();

    /** Gives back what is kept of the version; whoever was about to gather still can. */
    void release();
}
