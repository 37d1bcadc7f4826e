package io.velox.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogueEntryTest {
    private static final Instant NOW = Instant.EPOCH;

    @Test
    void versionsAreFoundByNumberAndState() {
        CatalogueEntry entry = CatalogueEntry.of("als", ModelKind.ALS)
                .with(version(3, VersionState.PUBLISHED))
                .with(version(1, VersionState.STANDBY))
                .with(version(2, VersionState.ACTIVE))
                .with(version(4, VersionState.REJECTED));
        assertThat(entry.versions()).extracting(CatalogueEntry.Version::version).containsExactly(1, 2, 3, 4);
        assertThat(entry.active()).contains(version(2, VersionState.ACTIVE));
        assertThat(entry.standby()).contains(version(1, VersionState.STANDBY));
        assertThat(entry.version(4)).contains(version(4, VersionState.REJECTED));
        assertThat(entry.version(5)).isEmpty();
        assertThat(entry.loaded()).extracting(CatalogueEntry.Version::version).containsExactly(1, 2, 3);
        assertThat(entry.id(version(3, VersionState.PUBLISHED))).isEqualTo(new ModelVersion("als", 3));
    }

    @Test
    void aChangeIsANewEntry() {
        CatalogueEntry before = CatalogueEntry.of("als", ModelKind.ALS).with(version(1, VersionState.REBASING));
        CatalogueEntry after = before.with(before.versions().get(0).activeSince(NOW));
        assertThat(before.active()).isEmpty();
        assertThat(after.active().orElseThrow().activatedAt()).isEqualTo(NOW);
        CatalogueEntry rejected = after.with(after.versions().get(0).in(VersionState.REJECTED, "corrupt"));
        assertThat(rejected.versions().get(0).reason()).isEqualTo("corrupt");
        assertThat(rejected.versions().get(0).activatedAt()).isEqualTo(NOW);
        assertThat(rejected.versions()).hasSize(1);
    }

    @Test
    void aTrainingRunsUntilItFails() {
        CatalogueEntry.Training running = new CatalogueEntry.Training(2, NOW, new LogCut(0, Map.of()), null);
        CatalogueEntry entry = CatalogueEntry.of("als", ModelKind.ALS).with(running);
        assertThat(entry.currentTraining().orElseThrow().isRunning()).isTrue();
        assertThat(new CatalogueEntry.Training(2, NOW, running.cut(), "out of memory").isRunning())
                .isFalse();
        assertThat(CatalogueEntry.of("als", ModelKind.ALS).currentTraining()).isEmpty();
    }

    @Test
    void oneVersionAnswersAndEachIsThereOnce() {
        List<CatalogueEntry.Version> twoActive =
                List.of(version(1, VersionState.ACTIVE), version(2, VersionState.ACTIVE));
        assertThatThrownBy(() -> new CatalogueEntry("als", ModelKind.ALS, twoActive, null))
                .hasMessage("model als must have one active version at most");
        List<CatalogueEntry.Version> twice = List.of(version(1, VersionState.ACTIVE), version(1, VersionState.RETIRED));
        assertThatThrownBy(() -> new CatalogueEntry("als", ModelKind.ALS, twice, null))
                .hasMessage("model als must have each version once");
    }

    @Test
    void aVersionIsLoadedFromPublishingToStandby() {
        assertThat(Arrays.stream(VersionState.values()).filter(VersionState::isLoaded))
                .containsExactly(
                        VersionState.PUBLISHED,
                        VersionState.REBASING,
                        VersionState.CANDIDATE,
                        VersionState.ACTIVE,
                        VersionState.STANDBY);
    }

    @Test
    void topicsAreNamedAfterTheirPrefix() {
        Topics topics = new Topics("velox", 0);
        assertThat(topics.observations()).isEqualTo("velox.observations");
        assertThat(topics.userUpdates()).isEqualTo("velox.user-updates");
        assertThat(topics.itemUpdates()).isEqualTo("velox.item-updates");
        assertThat(topics.catalogue()).isEqualTo("velox.catalog");
        assertThat(topics.health()).isEqualTo("velox.health");
    }

    @Test
    void theLogOfALaterEpochHasATopicOfItsOwnAndTheCatalogueHasNot() {
        Topics topics = new Topics("velox", 3);
        assertThat(topics.observations()).isEqualTo("velox.observations-3");
        assertThat(topics.userUpdates()).isEqualTo("velox.user-updates-3");
        assertThat(topics.itemUpdates()).isEqualTo("velox.item-updates-3");
        assertThat(topics.catalogue()).isEqualTo("velox.catalog");
        assertThat(topics.health()).isEqualTo("velox.health");
    }

    private static CatalogueEntry.Version version(int version, VersionState state) {
        return new CatalogueEntry.Version(version, state, "models/als/" + version + "/manifest.json", NOW, null, null);
    }
}
