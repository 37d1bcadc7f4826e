package io.velox.standalone.demo;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a user thought of an item, in stars; {@code timestamp} is null where the data set has no times. */
public record Rating(String item, double label, @Nullable Instant timestamp) {}
