package io.velox.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.error.VeloxException;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class JobSettingsTest {
    private final VeloxConfiguration defaults = ConfigurationReader.defaults();
    private final Configuration operators = new Configuration();

    @Test
    void whereNobodyHasDecidedTheJobDecides() {
        StreamExecutionEnvironment env = apply();
        assertThat(env.getConfiguration().get(StateBackendOptions.STATE_BACKEND))
                .isEqualTo("rocksdb");
        assertThat(env.getConfiguration().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
                .isEqualTo(defaults.store().root() + "/checkpoints");
        assertThat(env.getCheckpointConfig().getCheckpointInterval())
                .isEqualTo(defaults.job().checkpointIntervalMs());
        assertThat(env.getConfiguration().get(ExecutionOptions.BUFFER_TIMEOUT)).isEqualTo(Duration.ZERO);
        assertThat(env.getConfiguration().get(PipelineOptions.GENERIC_TYPES)).isFalse();
        assertThat(env.getConfiguration().get(RocksDBOptions.OPTIONS_FACTORY))
                .isEqualTo(StateFilesFactory.class.getName());
        assertThat(env.getConfiguration().get(StateFilesFactory.REWRITTEN_AFTER))
                .isEqualTo(defaults.forgetting().within().dividedBy(2));
        assertThat(env.getParallelism()).isEqualTo(defaults.job().parallelism());
    }

    @Test
    void whatTheOperatorHasDecidedIsLeftAsItIs() {
        operators.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file:/elsewhere");
        operators.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(77));
        StreamExecutionEnvironment env = apply();
        assertThat(env.getConfiguration().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
                .isEqualTo("file:/elsewhere");
        assertThat(env.getCheckpointConfig().getCheckpointInterval()).isEqualTo(77_000);
    }

    @Test
    void stateOnTheHeapIsRefusedBecauseItIsQueried() {
        operators.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        assertThatThrownBy(this::apply)
                .isInstanceOf(VeloxException.class)
                .hasMessageContaining("state.backend.type must be rocksdb");
    }

    private StreamExecutionEnvironment apply() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(operators);
        JobSettings.apply(env, defaults);
        return env;
    }
}
