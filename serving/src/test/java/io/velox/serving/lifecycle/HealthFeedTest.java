package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.learn.DelayHistogram;
import io.velox.core.learn.LossMoments;
import io.velox.core.learn.PairedLoss;
import io.velox.core.log.HealthMinute;
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
    void pairsDelaysAndWorstUsersAreThoseOfAllSubtasks() {
        DelayHistogram delays = new DelayHistogram();
        delays.record(5);
        for (int subtask = 0; subtask < 2; subtask++) {
            health.accept(new HealthRecord(
                    "a",
                    subtask,
                    2,
                    Instant.ofEpochSecond(1),
                    List.of(new HealthRecord.Version(
                            "als",
                            1,
                            new LossMoments(1, 5, 25),
                            null,
                            new LossMoments(1, 2, 4),
                            List.of(new HealthRecord.WorstUser("u" + subtask, 3 + subtask, 7)),
                            2L + subtask)),
                    List.of(new HealthRecord.Pair("als", 1, 2, new PairedLoss(1, 2, 3, 1))),
                    delays.encoded()));
        }
        assertThat(health.unknown()).containsEntry(VERSION, 5L);
        assertThat(health.validation()).containsEntry(VERSION, new LossMoments(2, 4, 8));
        assertThat(health.worst(VERSION))
                .extracting(HealthRecord.WorstUser::uid)
                .containsExactly("u1", "u0");
        assertThat(health.pairs("als")).containsExactly(new HealthRecord.Pair("als", 1, 2, new PairedLoss(2, 4, 6, 2)));
        assertThat(health.paired(new ModelVersion("als", 2), VERSION)).isEqualTo(new PairedLoss(2, 6, 4, 2));
        assertThat(health.delays().count()).isEqualTo(2);
    }

    @Test
    void aWindowIsCountedFromTheNewestMinuteThatIsOldEnough() {
        health.accept(report("a", 0, 1, 600, 50, null));
        health.accept(minute(5, 20, 20)); // ends at 360 s
        health.accept(minute(8, 35, 15)); // ends at 540 s
        assertThat(health.lossSince(VERSION, Instant.ofEpochSecond(545)).sum()).isEqualTo(15);
        assertThat(health.lossSince(VERSION, Instant.ofEpochSecond(539)).sum()).isEqualTo(30);
        assertThat(health.lossSince(VERSION, Instant.ofEpochSecond(100)).sum())
                .as("all that is known")
                .isEqualTo(50);
    }

    @Test
    void aVersionThatComesBackWithOldTotalsHasLearntNothingLately() {
        health.accept(report("a", 0, 1, 600, 50, null));
        assertThat(health.lossSince(VERSION, Instant.ofEpochSecond(1)).sum()).isZero();
        health.accept(report("a", 0, 1, 601, 53, null));
        assertThat(health.lossSince(VERSION, Instant.ofEpochSecond(1)).sum()).isEqualTo(3);
    }

    @Test
    void aDayOfMinutesIsKept() {
        for (int i = 0; i < HealthMinute.KEPT + 10; i++) {
            health.accept(minute(i, i, 1));
        }
        assertThat(health.history("als")).hasSize(HealthMinute.KEPT);
        assertThat(health.history("als").get(0).minute()).isEqualTo(10);
        assertThat(minute(3, 1, 1).key())
                .isEqualTo(minute(3 + HealthMinute.KEPT, 1, 1).key());
    }

    @Test
    void reportsOfSubtasksThatAreNoMoreAreNamed() {
        health.accept(report("a", 0, 2, 1, 5, null));
        health.accept(report("a", 1, 2, 1, 5, null));
        assertThat(health.formerSubtasks()).isEmpty();
        health.accept(report("a", 0, 1, 2, 10, null));
        assertThat(health.formerSubtasks()).containsExactly(1);
    }

    private static HealthMinute minute(long minute, double total, double loss) {
        return new HealthMinute(
                "als",
                minute,
                List.of(new HealthMinute.Version(
                        1,
                        new LossMoments(1, total, 0),
                        new LossMoments(1, loss, 0),
                        LossMoments.NONE,
                        LossMoments.NONE,
                        LossMoments.NONE)),
                new DelayHistogram().encoded(),
                new HealthMinute.Freshness(0, 0, 0, 0),
                null);
    }

    @Test
    void itIsReadyWhenTheTopicIsReadAndPassesOverWhatIsNoReport() {
        topic.add(0, "0", RecordCodec.write(report("a", 0, 1, 1, 5, null)));
        topic.add(0, "1", new byte[] {'x'});
        topic.add(0, "2", null);
        topic.add(0, minute(7, 5, 5).key(), RecordCodec.write(minute(7, 5, 5)));
        try (health) {
            health.start().ready().orTimeout(5, TimeUnit.SECONDS).join();
            assertThat(health.jobId()).contains("a");
            assertThat(health.history("als")).containsExactly(minute(7, 5, 5));
        }
    }
}
