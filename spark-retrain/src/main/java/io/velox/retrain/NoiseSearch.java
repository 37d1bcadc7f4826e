package io.velox.retrain;

import io.velox.core.model.Prior;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;

/** Chooses the noise of least error on held-out ratings, of which a sample of users is enough. */
final class NoiseSearch {
    private NoiseSearch() {}

    /**
     * The choice.
     *
     * @param ratings how many the training parts have
     */
    static NoiseChoice choose(
            JavaRDD<HeldOutSplit.Parts> parts,
            HeldOutSplit split,
            Broadcast<ItemTable> items,
            Prior prior,
            double[] candidates,
            long ratings) {
        double share = NoiseChoice.ENOUGH_RATINGS / ratings;
        return NoiseChoice.ofHeldOut(Served.errors(
                parts.filter(user -> split.isSampled(user.training().uid(), share)),
                items,
                prior,
                HeldOutErrors.of(candidates)));
    }
}
