package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import java.util.function.Consumer;

/**
 * What runs on the engines.
 *
 * @param topics makes the log's topics, where they are missing
 */
public record Workload(Consumer<VeloxConfiguration> topics, JobBuilder job, Serving.Starter serving) {}
