package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.learn.LossMoments;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import io.velox.serving.log.FakeTopic;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthFeedTest {
    private static final ModelVersion VERSION = new ModelVersion("als", 1);

    private final FakeTopic topic = new FakeTopic("health", 1, 0);
    private final HealthFeed health = new HealthFeed(topic::consumer, "health");

    private static HealthRecord report(
            String job, int subtask, int parallelism, long second, double loss, @Nullable String rejection) {
        return new HealthRecord(
                job,
                subtask,
                parallelism,
                Instant.ofEpochSecond(second),
                List.of(new HealthRecord.Version("als", 1, new LossMoments(1, loss, 0), rejection)));
    }

    @Test
    void aVersionIsLoadedEverywhereWhenEachSubtaskOfTheJobSaysSo() {
        assertThat(health.isLoadedEverywhere(VERSION)).isFalse();
        health.accept(report("a", 0, 2, 1, 0, null));
        assertThat(health.isLoadedEverywhere(VERSION)).isFalse();
        health.accept(report("a", 1, 2, 1, 0, null));
        assertThat(health.isLoadedEverywhere(VERSION)).isTrue();
        assertThat(health.isLoadedEverywhere(new ModelVersion("als", 2))).isFalse();
    }

    @Test
    void recordsOfOtherKindsInTheTopicArePassedOver() {
        topic.add(0, "node/a", RecordCodec.write(report("a", 0, 1, 1, 0, null)));
        topic.add(0, "history/als/1", RecordCodec.write(report("b", 0, 1, 1, 0, null)));
        topic.add(0, "0", RecordCodec.write(report("c", 0, 1, 1, 0, null)));
        try (health) {
            health.start().ready().orTimeout(5, TimeUnit.SECONDS).join();
            assertThat(health.jobId()).contains("c");
        }
    }

    @Test
    void lossIsTheSumOfEachSubtasksLastTotal() {
        health.accept(report("a", 0, 2, 1, 5, null));
        health.accept(report("a", 1, 2, 1, 7, null));
        health.accept(report("a", 0, 2, 2, 6, null));
        assertThat(health.loss()).containsEntry(VERSION, new LossMoments(2, 13, 0));
        assertThat(health.lastReport()).contains(Instant.ofEpochSecond(2));
    }

    @Test
    void aNewJobSupersedesTheReportsOfOlderOnes() {
        health.accept(report("a", 0, 2, 1, 5, null));
        health.accept(report("a", 1, 2, 1, 5, null));
        health.accept(report("b", 0, 2, 2, 1, null));
        assertThat(health.jobId()).contains("b");
        assertThat(health.isLoadedEverywhere(VERSION)).isFalse();
        assertThat(health.loss()).containsEntry(VERSION, new LossMoments(1, 1, 0));
        health.accept(report("a", 1, 2, 1, 5, null));
        assertThat(health.jobId()).as("an older job's last words").contains("b");
    }

    @Test
    void anotherParallelismSupersedesTheReportsOfTheOld() {
        health.accept(report("a", 0, 2, 1, 5, null));
        health.accept(report("a", 1, 2, 1, 5, null));
        health.accept(report("a", 0, 1, 2, 10, null));
        assertThat(health.isLoadedEverywhere(VERSION)).isTrue();
        assertThat(health.loss()).containsEntry(VERSION, new LossMoments(1, 10, 0));
    }

    @Test
    void aVersionThatOneSubtaskRefusesIsNotLoadedAndTheReasonIsKnown() {
        health.accept(report("a", 0, 2, 1, 0, null));
        health.accept(report("a", 1, 2, 1, 0, "checksum"));
        assertThat(health.isLoadedEverywhere(VERSION)).isFalse();
        assertThat(health.rejection(VERSION)).contains("checksum");
    }

    @Test
    void itIsReadyWhenTheTopicIsReadAndPassesOverWhatIsNoReport() {
        topic.add(0, "0", RecordCodec.write(report("a", 0, 1, 1, 5, null)));
        topic.add(0, "1", new byte[] {'x'});
        topic.add(0, "2", null);
        try (health) {
            health.start().ready().orTimeout(5, TimeUnit.SECONDS).join();
            assertThat(health.jobId()).contains("a");
        }
    }
}
