package io.velox.retrain;

import io.velox.core.model.Prior;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;

/** What a version answers with: its items, and what users start from. */
record Served(Broadcast<ItemTable> items, Prior prior, NoiseChoice noise) implements Serializable {
    /** The held-out errors of its ridge weights. */
    HeldOutErrors errors(JavaRDD<HeldOutSplit.Parts> parts) {
        return errors(parts, items, prior, HeldOutErrors.of(noise.noise()));
    }

    /**
     * Held-out errors of some items under some prior.
     *
     * @param none what is to be measured, with nothing judged yet
     */
    static HeldOutErrors errors(
            JavaRDD<HeldOutSplit.Parts> parts, Broadcast<ItemTable> items, Prior prior, HeldOutErrors none) {
        HeldOutErrors total = none.fresh();
        parts.mapPartitions(users -> {
                    HeldOutErrors errors = none.fresh();
                    users.forEachRemaining(user -> errors.add(user, items.value(), prior));
                    return List.of(errors).iterator();
                })
                .collect()
                .forEach(total::merge);
        return total;
    }
}
