package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.LifecycleConfiguration;
import io.velox.core.config.LifecycleConfiguration.ScheduleConfiguration;
import io.velox.core.log.Admission;
import io.velox.core.log.CatalogueEntry.Training;
import io.velox.core.log.Cause;
import io.velox.core.log.TrainingKind;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.VersionHistories;
import io.velox.core.store.VersionHistory.Event;
import io.velox.core.store.VersionHistory.What;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes live by itself, what does not, what is taken back, and what is trained again. */
class JudgementTest {
    private static final ModelVersion SECOND = new ModelVersion("als", 2);

    @TempDir
    Path folder;

    private LifecycleWorld world;

    @BeforeEach
    void setUp() {
        world = new LifecycleWorld(folder);
        world.liveVersion("u1");
    }

    private void trainSecond() {
        world.retrain("als").join();
        world.trainingEnds(List.of("u1"));
    }

    private String reason(int version) {
        return world.catalogue.get("als").version(version).orElseThrow().reason();
    }

    private List<Event> history(int version) {
        return new VersionHistories(world.versions.store())
                .read(new ModelVersion("als", version))
                .events();
    }

    @Test
    void aCandidateLearnsBesideTheLiveVersionUntilItIsJudged() {
        trainSecond();
        for (int i = 0; i < 10 && !world.states("als").contains("CANDIDATE"); i++) {
            world.pass(Duration.ofMillis(1));
        }
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 CANDIDATE");
        world.score(1, 0.9, 2, 0.8, 100);
        world.pass(Duration.ofMillis(1));
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
    }

    @Test
    void aCandidateThatIsWorseOnLiveTrafficIsRefusedAndUnloaded() {
        trainSecond();
        for (int i = 0; i < 10 && !world.states("als").contains("CANDIDATE"); i++) {
            world.pass(Duration.ofMillis(1));
        }
        world.score(1, 0.9, 2, 1.1, 100);
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 REFUSED");
        assertThat(reason(2)).contains("error 1.1000 against 0.9000 on 100 live observations");
        assertThatThrownBy(() -> world.activate("als", 2).join()).hasMessageContaining("with force=true");
    }

    @Test
    void aCandidateThatIsWorseByItsPromiseIsRefusedWhenThereIsNoTraffic() {
        world.metrics.put("heldOutRmse", 1.1);
        trainSecond();
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 REFUSED");
    }

    @Test
    void aRefusedVersionGoesLiveByForceAndIsTakenBackWhenItDoesWorse() {
        world.metrics.put("heldOutRmse", 1.1);
        trainSecond();
        world.run();
        world.lifecycle().activate("als", 2, true).join();
        world.run();
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
        assertThat(world.catalogue.get("als").version(2).orElseThrow().admission())
                .isEqualTo(Admission.FORCED);
        world.score(1, 0.9, 2, 1.1, 99);
        world.run();
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
        world.score(1, 0.9, 2, 1.1, 2);
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 REFUSED");
        assertThat(reason(2)).startsWith("rolled back: its error on 101 live observations");
        assertThat(history(2))
                .extracting(Event::what)
                .containsExactly(
                        What.TRAINING,
                        What.PUBLISHED,
                        What.LOADED,
                        What.REBASED,
                        What.JUDGED,
                        What.REFUSED,
                        What.PUBLISHED,
                        What.LOADED,
                        What.LIVE,
                        What.ROLLED_BACK);
    }

    @Test
    void lossesOfBeforeAVersionWentLiveDoNotTakeItBack() {
        world.score(1, 0.9, 2, 5, 1000);
        trainSecond();
        world.run();
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
        world.score(1, 0.9, 2, 0.9, 1000);
        world.run();
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
    }

    @Test
    void aVersionThatAPersonWentBackToIsNotTakenBack() {
        trainSecond();
        world.run();
        world.activate("als", 1).join();
        world.score(1, 1.5, 2, 0.9, 1000);
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 STANDBY");
    }

    @Test
    void aCandidateThatIsForcedWaitsForNothing() {
        trainSecond();
        world.pass(Duration.ofMillis(1));
        world.lifecycle().activate("als", 2, true).join();
        for (int i = 0; i < 10; i++) {
            world.pass(Duration.ofMillis(1));
        }
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
    }

    @Test
    void aStaleVersionIsRetrainedOnceTheCoolDownIsOver() {
        world.pass(Duration.ofSeconds(1));
        world.score(1, 1.5, 300);
        world.pass(Duration.ofSeconds(1));
        assertThat(world.requests).as("the last training is too short ago").hasSize(1);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.requests).hasSize(2);
        Training training = world.catalogue.get("als").currentTraining().orElseThrow();
        assertThat(training.origin().kind()).isEqualTo(TrainingKind.FULL);
        assertThat(training.origin().cause().trigger()).isEqualTo(Cause.Trigger.STALE);
        assertThat(training.origin().cause().detail()).contains("promised 0.9000");
        world.pass(Duration.ofMinutes(10));
        assertThat(world.requests).as("never two at once").hasSize(2);
    }

    @Test
    void aTrainingThatDiedIsTriedAgainAfterAPauseThatDoublesAndThenNoMore() {
        world.retrain("als").join();
        world.trainingFails("killed");
        world.pass(Duration.ofMillis(1));
        Training failed = world.catalogue.get("als").currentTraining().orElseThrow();
        assertThat(failed.failure()).isEqualTo("killed");
        assertThat(failed.retryAt()).isNotNull();
        world.pass(Duration.ofSeconds(20));
        assertThat(world.requests).hasSize(2);
        world.pass(Duration.ofSeconds(10));
        assertThat(world.requests).hasSize(3);
        assertThat(world.catalogue.get("als").currentTraining().orElseThrow().attempt())
                .isEqualTo(2);
        world.trainingFails("killed");
        world.pass(Duration.ofMillis(1));
        world.pass(Duration.ofSeconds(50));
        assertThat(world.requests).hasSize(3);
        world.pass(Duration.ofSeconds(10));
        assertThat(world.requests).hasSize(4);
        world.trainingFails("killed");
        world.pass(Duration.ofMillis(1));
        assertThat(world.catalogue.get("als").currentTraining().orElseThrow().retryAt())
                .isNull();
        world.pass(Duration.ofDays(1));
        assertThat(world.requests).hasSize(4);
    }

    @Test
    void aTrainingThatCannotSucceedIsNotTriedAgain() {
        world.retrain("als").join();
        world.trainingIsRefused("there is nothing to train from");
        world.pass(Duration.ofMillis(1));
        world.pass(Duration.ofDays(1));
        assertThat(world.requests).hasSize(2);
    }

    @Test
    void aTrainingThatARestartInterruptedIsTriedAgain() {
        world.retrain("als").join();
        world.restart();
        world.run();
        world.pass(Duration.ofSeconds(30));
        assertThat(world.requests).hasSize(3);
        world.trainingEnds(List.of("u1"));
        world.run();
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 3 ACTIVE");
        assertThat(history(2)).extracting(Event::what).containsExactly(What.TRAINING, What.TRAINING_FAILED);
        assertThat(history(3).get(0).detail()).isEqualTo("attempt 2");
    }

    @Test
    void whatAFailedTrainingLeftBehindIsDeleted() throws java.io.IOException {
        world.retrain("als").join();
        world.versions.store().createPart(SECOND, "items/part-0").close();
        world.trainingFails("killed");
        world.pass(Duration.ofMillis(1));
        assertThat(world.versions.store().versionNumbers("als")).containsExactly(1);
    }

    private void schedule(ScheduleConfiguration schedule) {
        LifecycleConfiguration shipped = world.rules;
        world.rules = new LifecycleConfiguration(
                shipped.gate(), shipped.rollback(), shipped.staleness(), schedule, shipped.retry());
        world.restart();
        world.run();
    }

    @Test
    void trainingsStartByTheSchedule() {
        schedule(new ScheduleConfiguration(60, 10, 0, 0));
        world.pass(Duration.ofMinutes(10));
        assertThat(world.requests.get(1).kind()).isEqualTo(TrainingKind.REFRESH);
        assertThat(world.requests.get(1).from()).contains("models/als/1/manifest.json");
        world.trainingEnds(List.of("u1"));
        world.run();
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
        world.pass(Duration.ofMinutes(55));
        assertThat(world.requests.get(2).kind()).isEqualTo(TrainingKind.FULL);
        assertThat(world.requests.get(2).live()).contains("models/als/2/manifest.json");
    }

    @Test
    void aRefreshStartsWhenSoManyObservationsHaveCome() {
        schedule(new ScheduleConfiguration(0, 0, 500, 0));
        world.score(1, 0.9, 499);
        world.run();
        assertThat(world.requests).hasSize(1);
        world.score(1, 0.9, 1);
        world.run();
        assertThat(world.requests).hasSize(2);
        assertThat(world.requests.get(1).kind()).isEqualTo(TrainingKind.REFRESH);
    }

    @Test
    void aRefreshStartsWhenSoManyObservationsOfNewItemsHaveCome() {
        schedule(new ScheduleConfiguration(0, 0, 0, 20));
        world.score(1, 0.9, 10_000);
        world.unknown(1, 19);
        world.run();
        assertThat(world.requests).hasSize(1);
        world.unknown(1, 20);
        world.run();
        assertThat(world.requests).hasSize(2);
        assertThat(world.requests.get(1).kind()).isEqualTo(TrainingKind.REFRESH);
        world.trainingEnds(List.of("u1"));
        world.run();

        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
        assertThat(history(2).get(0).origin().cause())
                .isEqualTo(
                        new Cause(Cause.Trigger.NEW_ITEMS, "20 observations of items that the version does not know"));
    }

    @Test
    void aRefreshThatIsRefusedIsTriedAgainOnceAsMuchHasComeAgain() {
        schedule(new ScheduleConfiguration(0, 0, 500, 20));
        world.metrics.put("heldOutRmse", 1.1);
        world.score(1, 0.9, 500);
        world.unknown(1, 20);
        world.run();
        world.trainingEnds(List.of("u1"));
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 REFUSED");
        world.score(1, 0.9, 499);
        world.unknown(1, 39);
        world.run();
        assertThat(world.requests).hasSize(2);

        world.unknown(1, 40);
        world.run();

        assertThat(world.requests).hasSize(3);
    }

    @Test
    void aVersionThatComesBackIsRefreshedByWhatComesFromThenOn() {
        schedule(new ScheduleConfiguration(0, 0, 500, 20));
        trainSecond();
        world.run();
        assertThat(world.states("als")).isEqualTo("1 STANDBY, 2 ACTIVE");
        world.unknown(1, 15);
        world.score(1, 0.9, 2, 1.1, 101);
        world.run();
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 REFUSED");
        int before = world.requests.size();
        world.score(1, 0.9, 499);
        world.unknown(1, 15 + 19);
        world.run();
        assertThat(world.requests).hasSize(before);

        world.unknown(1, 15 + 20);
        world.run();

        assertThat(world.requests).hasSize(before + 1);
    }

    @Test
    void aRefreshNeedsALiveVersion() {
        LifecycleWorld empty = new LifecycleWorld(folder.resolve("empty"));
        assertThatThrownBy(() -> empty.lifecycle()
                        .retrain("als", TrainingKind.REFRESH, "test")
                        .join())
                .hasMessageContaining("train it in full first");
    }

    @Test
    void theHistorySaysWhoStartedItAndWhatTheVerdictWas() {
        trainSecond();
        world.run();
        List<Event> events = history(2);
        assertThat(events.get(0).origin().cause()).isEqualTo(Cause.request("test"));
        assertThat(events.get(0).cut()).isNotNull();
        Event judged =
                events.stream().filter(e -> e.what() == What.JUDGED).findFirst().orElseThrow();
        assertThat(judged.verdict().checks()).extracting(check -> check.name()).containsExactly("promise");
        assertThat(history(1)).extracting(Event::what).endsWith(What.LIVE, What.REPLACED);
        assertThat(world.catalogue.get("als").version(2).orElseThrow().state()).isEqualTo(VersionState.ACTIVE);
    }
}
