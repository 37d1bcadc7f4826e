package io.velox.serving.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.ModelConfiguration;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.UserRecord;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclaredModelsTest {
    @TempDir
    Path folder;

    private LifecycleWorld world;

    @BeforeEach
    void setUp() {
        world = new LifecycleWorld(folder);
        world.declared.put("taste", LifecycleWorld.LINEAR);
        world.restart();
        world.run();
    }

    private void restartWithout(String model) {
        world.declared.remove(model);
        world.restart();
        world.run();
    }

    private void restartWith(String model, ModelConfiguration configuration) {
        world.declared.put(model, configuration);
        world.restart();
        world.run();
    }

    @Test
    void theVersionsOfAModelThatIsNoLongerDeclaredAreRetiredAndTheOthersStay() {
        world.liveVersion("u1");
        world.liveVersion("u1");
        restartWithout("als");
        assertThat(world.states("als")).isEqualTo("1 RETIRED, 2 RETIRED");
        assertThat(world.catalogue.get("als").versions())
                .allSatisfy(v -> assertThat(v.reason()).contains("no longer declares"));
        assertThat(world.states("taste")).isEqualTo("1 ACTIVE");
        assertThat(world.lifecycle().isSettled()).isTrue();
    }

    @Test
    void nothingIsWrittenForItInTheStartsAfterThat() {
        restartWithout("taste");
        int written = world.written.size();
        world.restart();
        world.run();
        assertThat(world.written).hasSize(written);
    }

    @Test
    void itCanNeitherBeTrainedNorActivatedAndTheRefusalNamesTheOthers() {
        world.liveVersion("u1");
        restartWithout("als");
        assertThatThrownBy(() -> world.retrain("als").join()).hasMessageContaining("it declares [taste]");
        assertThatThrownBy(() -> world.activate("als", 1).join()).hasMessageContaining("it declares [taste]");
    }

    @Test
    void declaredAgainTheVersionThatWasLiveIsRebasedAndLiveByItself() {
        world.liveVersion("u1");
        world.liveVersion("u1");
        world.activate("als", 1).join();
        restartWithout("als");
        world.rebased.clear();
        world.tailUsers.add("late");
        restartWith("als", LifecycleWorld.ALS);
        assertThat(world.states("als")).isEqualTo("1 ACTIVE, 2 RETIRED");
        assertThat(world.rebased)
                .allSatisfy(record -> assertThat(record.version()).isEqualTo(1))
                .extracting(UserRecord.Rebased::uid)
                .containsExactlyInAnyOrder("u1", "late");
        assertThat(world.requests).as("trainings").hasSize(2);
    }

    @Test
    void aTrainingOfAModelThatIsNoLongerDeclaredHasFailed() {
        world.retrain("als").join();
        restartWithout("als");
        CatalogueEntry.Training training =
                world.catalogue.get("als").currentTraining().orElseThrow();
        assertThat(training.isRunning()).isFalse();
        assertThat(training.failure()).contains("no longer declares");
    }

    @Test
    void aLinearModelThatIsDeclaredAgainAsItWasKeepsItsVersion() {
        restartWithout("taste");
        assertThat(world.states("taste")).isEqualTo("1 RETIRED");
        restartWith("taste", LifecycleWorld.LINEAR);
        assertThat(world.states("taste")).isEqualTo("1 ACTIVE");
    }

    @Test
    void aLinearModelWithAnotherRegularizationIsANewVersionThatGoesLiveByItself() {
        ModelConfiguration.Linear stronger = new ModelConfiguration.Linear(2, List.of(), true, 5, 1);
        restartWith("taste", stronger);
        assertThat(world.states("taste")).isEqualTo("1 STANDBY, 2 ACTIVE");
    }

    @Test
    void aLinearVersionThatWasNotLiveYetGoesLiveWhenItIsDeclaredAgain() {
        ModelConfiguration.Linear stronger = new ModelConfiguration.Linear(2, List.of(), true, 5, 1);
        world.isJobRunning = false;
        restartWith("taste", stronger);
        assertThat(world.states("taste")).isEqualTo("1 ACTIVE, 2 PUBLISHED");
        restartWithout("taste");
        world.isJobRunning = true;
        restartWith("taste", stronger);
        assertThat(world.states("taste")).isEqualTo("1 RETIRED, 2 ACTIVE");
    }
}
