package io.velox.retrain;

import java.util.SortedMap;
import org.apache.spark.api.java.JavaRDD;

/** A way of making a version from ratings: anew, or from a version before it. */
interface TrainingMethod {
    /** As the manifest says them. */
    SortedMap<String, String> hyperparameters();

    /**
     * Trains on a part and judges on the rest.
     *
     * @param parts with at least one training rating among them; kept in Spark
     */
    Judgement judge(JavaRDD<HeldOutSplit.Parts> parts);

    /** Trains on everything, as was judged to be best. */
    Trained train(JavaRDD<UserRatings> users, Judgement judgement);
}
