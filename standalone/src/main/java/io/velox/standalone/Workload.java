package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import io.velox.job.VeloxJob;
import io.velox.serving.log.TopicSetup;
import java.util.function.Consumer;

/**
 * What runs on the engines.
 *
 * @param topics makes the log's topics, where they are missing
 */
public record Workload(Consumer<VeloxConfiguration> topics, JobBuilder job, Serving.Starter serving) {
    /** The topics, the job and the serving node of Velox. */
    static Workload velox() {
        return new Workload(TopicSetup::ensure, VeloxJob::build, EmbeddedServing::start);
    }
}
