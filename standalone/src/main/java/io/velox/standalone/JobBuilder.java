package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Builds a job's topology; {@code VeloxJob::build} outside of tests. */
@FunctionalInterface
public interface JobBuilder {
    void build(StreamExecutionEnvironment environment, VeloxConfiguration configuration) throws Exception;
}
