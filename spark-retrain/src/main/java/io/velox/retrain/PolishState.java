package io.velox.retrain;

import org.apache.spark.api.java.JavaRDD;

/**
 * Where the passes are: the items' posteriors, in Spark, one block in each partition of an {@link ItemLayout}, and what goes with them.
 */
record PolishState(JavaRDD<ItemBlock> items, PolishParameters parameters) {
    void release() {
        items.unpersist(false);
    }
}
