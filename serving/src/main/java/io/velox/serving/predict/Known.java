package io.velox.serving.predict;

import io.velox.core.learn.RidgeLearner;
import io.velox.core.model.Item;
import java.util.Set;

/**
 * Who answers, and all that is known of the user.
 *
 * @param seen the items that the user has rated, in the request too
 * @param posterior of the weights, in the version that answers; read only
 */
public record Known(Answering answering, Set<Item> seen, RidgeLearner posterior) {}
