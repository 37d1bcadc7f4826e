package io.velox.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.ModelConfiguration;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.CatalogueEntry.Version;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.serving.lifecycle.LiveModels;
import io.velox.serving.lifecycle.LoadedVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ComingModelsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ModelConfiguration.Linear LINEAR = new ModelConfiguration.Linear(2, List.of(), true, 1, 1);

    private final SortedMap<String, CatalogueEntry> entries = new TreeMap<>();
    private boolean isSettled = true;

    @Test
    void untilTheModelsAreComparedWithTheConfigurationNothingIsKnown() {
        isSettled = false;
        assertThat(trouble()).isPresent();
    }

    @Test
    void aLinearModelIsWaitedForUntilItIsLive() {
        add("taste", ModelKind.LINEAR, VersionState.PUBLISHED, null);
        assertThat(trouble()).contains("not live yet: taste");
        add("taste", ModelKind.LINEAR, VersionState.REBASING, null);
        assertThat(trouble()).contains("not live yet: taste");
        add("taste", ModelKind.LINEAR, VersionState.ACTIVE, NOW);
        assertThat(trouble()).isEmpty();
    }

    @Test
    void aFirstTrainedVersionIsNotWaitedForButOneThatComesBackIs() {
        add("als", ModelKind.ALS, VersionState.REBASING, null);
        assertThat(trouble()).isEmpty();
        add("als", ModelKind.ALS, VersionState.REBASING, NOW);
        assertThat(trouble()).contains("not live yet: als");
    }

    @Test
    void aModelWhoseVersionWasRefusedDoesNotKeepTheNodeFromServingTheOthers() {
        add("taste", ModelKind.LINEAR, VersionState.REJECTED, null);
        assertThat(trouble()).isEmpty();
    }

    private void add(String model, ModelKind kind, VersionState state, @Nullable Instant activatedAt) {
        Version version = new Version(1, state, "models/" + model + "/1/manifest.json", NOW, activatedAt, null);
        entries.put(model, CatalogueEntry.of(model, kind).with(version));
    }

    private Optional<String> trouble() {
        SortedMap<String, ModelConfiguration> declared =
                new TreeMap<>(ConfigurationReader.defaults().models());
        declared.putAll(Map.of("taste", LINEAR));
        return new ComingModels(declared, live(), () -> isSettled).trouble();
    }

    private LiveModels live() {
        return new LiveModels() {
            @Override
            public SortedMap<String, CatalogueEntry> entries() {
                return entries;
            }

            @Override
            public Optional<LoadedVersion> loaded(ModelVersion version) {
                return Optional.empty();
            }

            @Override
            public CompletableFuture<Manifest> manifest(ModelVersion version) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
