package io.velox.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.error.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetiredKeysTest {
    private final RetiredKeys keys = new RetiredKeys(Map.of(
            "job.old-name",
            "is now named job.new-name",
            "serving.gone",
            "has no successor: answers are always complete"));

    @Test
    void aKeyThatWasRenamedNamesItsSuccessorAndOneThatIsGoneSaysWhy() {
        assertThat(keys.refusal("job.old-name")).get().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
            assertThat(problem.field()).contains("job.old-name");
            assertThat(problem).hasMessage("job.old-name is now named job.new-name");
        });
        assertThat(keys.refusal("serving.gone")).get().satisfies(problem -> assertThat(problem)
                .hasMessage("serving.gone has no successor: answers are always complete"));
        assertThat(keys.refusal("job.new-name")).isEmpty();
    }

    @Test
    void theEnvironmentIsToldInItsOwnName() {
        assertThat(keys.refusalOfVariable("VELOX_JOB_OLD_NAME")).get().satisfies(problem -> {
            assertThat(problem.field()).contains("VELOX_JOB_OLD_NAME");
            assertThat(problem).hasMessage("VELOX_JOB_OLD_NAME sets job.old-name, which is now named job.new-name");
        });
        assertThat(keys.refusalOfVariable("VELOX_JOB_NEW_NAME")).isEmpty();
    }
}
