package io.velox.serving.forgetting;

import java.time.Duration;
import java.util.Optional;

/**
 * What a node may promise to those who forget. Immutable.
 *
 * @param within the time in which what is forgotten is gone from everything that is kept
 * @param logObstacle why that does not hold for the log; empty when it does
 */
public record ForgettingTerms(Duration within, Optional<String> logObstacle) {}
