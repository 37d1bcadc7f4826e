package io.velox.serving.health;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.serving.lifecycle.LiveModels;
import io.velox.serving.lifecycle.LoadedVersion;
import io.velox.serving.predict.TestWorld;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/** The catalogue of {@link TestWorld}, of which only version 3 of {@code als} is loaded. */
final class LoadedAls implements LiveModels {
    @Override
    public SortedMap<String, CatalogueEntry> entries() {
        return TestWorld.catalogue();
    }

    @Override
    public Optional<LoadedVersion> loaded(ModelVersion version) {
        return version.equals(TestWorld.ALS_3)
                ? Optional.of(TestWorld.loaded(TestWorld.als(version)))
                : Optional.empty();
    }

    @Override
    public CompletableFuture<Manifest> manifest(ModelVersion version) {
        return CompletableFuture.completedFuture(TestWorld.manifest(version, TestWorld.als(version)));
    }
}
