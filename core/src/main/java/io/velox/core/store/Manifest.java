package io.velox.core.store;

import io.velox.core.log.LogCut;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.model.Repeat;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a model version is, written last: a version without a manifest does not exist.
 *
 * @param format of the manifest and of the files that it names; a reader refuses newer ones
 * @param dimension d, the length of features and weights
 * @param noise σ²
 * @param inputs of a linear model; null for others
 * @param metrics what training measured, such as {@code heldOutRmse}; finite
 * @param hyperparameters what training was given, as text
 * @param cut the part of the log that training saw; null for a model that needs none
 * @param counts ratings, users and items that training saw
 * @param repeat what a second observation of an item means; a manifest that does not say so means {@code REPLACE}
 * @param files everything the version consists of, under {@code items/}, {@code users/}, {@code posterior/} and {@code metadata/}
 * @param itemPrior what a refresh takes new items for; null for a version that none can start from
 * @param search the trials of the search that chose the hyperparameters; empty if they were given
 */
public record Manifest(
        int format,
        String model,
        int version,
        ModelKind kind,
        int dimension,
        Prior prior,
        double noise,
        @Nullable LinearInputs inputs,
        SortedMap<String, Double> metrics,
        SortedMap<String, String> hyperparameters,
        Instant createdAt,
        @Nullable LogCut cut,
        SortedMap<String, Long> counts,
        Repeat repeat,
        List<StoredFile> files,
        @Nullable ItemPrior itemPrior,
        List<SearchTrial> search) {
    public static final int FORMAT = 1;

    /** A manifest of a version that no refresh can start from, with hyperparameters that were given. */
    public Manifest(
            int format,
            String model,
            int version,
            ModelKind kind,
            int dimension,
            Prior prior,
            double noise,
            @Nullable LinearInputs inputs,
            SortedMap<String, Double> metrics,
            SortedMap<String, String> hyperparameters,
            Instant createdAt,
            @Nullable LogCut cut,
            SortedMap<String, Long> counts,
            Repeat repeat,
            List<StoredFile> files) {
        this(
                format,
                model,
                version,
                kind,
                dimension,
                prior,
                noise,
                inputs,
                metrics,
                hyperparameters,
                createdAt,
                cut,
                counts,
                repeat,
                files,
                null,
                List.of());
    }

    /** A manifest of a model that learns the last observation of each item. */
    public Manifest(
            int format,
            String model,
            int version,
            ModelKind kind,
            int dimension,
            Prior prior,
            double noise,
            @Nullable LinearInputs inputs,
            SortedMap<String, Double> metrics,
            SortedMap<String, String> hyperparameters,
            Instant createdAt,
            @Nullable LogCut cut,
            SortedMap<String, Long> counts,
            List<StoredFile> files) {
        this(
                format,
                model,
                version,
                kind,
                dimension,
                prior,
                noise,
                inputs,
                metrics,
                hyperparameters,
                createdAt,
                cut,
                counts,
                Repeat.REPLACE,
                files);
    }

    public Manifest {
        var unused = new ModelVersion(model, version); // checks both
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(createdAt, "createdAt");
        repeat = Objects.requireNonNullElse(repeat, Repeat.REPLACE); // older manifests have none
        metrics = sortedCopy(metrics);
        hyperparameters = sortedCopy(hyperparameters);
        counts = sortedCopy(counts);
        files = List.copyOf(files);
        search = List.copyOf(Objects.requireNonNullElse(search, List.of())); // older manifests have none
        if (itemPrior != null && itemPrior.vector().dimension() != dimension) {
            throw new IllegalArgumentException("itemPrior must have dimension " + dimension + ", but has "
                    + itemPrior.vector().dimension());
        }
        if (prior.dimension() != dimension) {
            throw new IllegalArgumentException(
                    "prior must have dimension " + dimension + ", but has " + prior.dimension());
        }
        if (format < 1) {
            throw new IllegalArgumentException("format must be at least 1, but got " + format);
        }
        if ((kind == ModelKind.LINEAR) != (inputs != null)) {
            throw new IllegalArgumentException("inputs must be given for a linear model, and for no other");
        }
        if (inputs != null && inputs.dimension() != dimension) {
            throw new IllegalArgumentException(
                    "inputs must have dimension " + dimension + ", but have " + inputs.dimension());
        }
        if (!(noise > 0) || !Double.isFinite(noise)) {
            throw new IllegalArgumentException("noise must be positive and finite, but got " + noise);
        }
        metrics.forEach((name, value) -> {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("metric " + name + " must be finite, but got " + value);
            }
        });
    }

    public ModelVersion id() {
        return new ModelVersion(model, version);
    }

    /** The length of the item table's files in bytes, which is about what the table takes in memory. */
    public long itemBytes() {
        return files.stream()
                .filter(file -> file.path().startsWith(ModelStore.ITEMS))
                .mapToLong(StoredFile::bytes)
                .sum();
    }

    /** The same version in other files. */
    public Manifest withFiles(List<StoredFile> other) {
        return new Manifest(
                format,
                model,
                version,
                kind,
                dimension,
                prior,
                noise,
                inputs,
                metrics,
                hyperparameters,
                createdAt,
                cut,
                counts,
                repeat,
                other,
                itemPrior,
                search);
    }

    private static <V> SortedMap<String, V> sortedCopy(Map<String, V> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
