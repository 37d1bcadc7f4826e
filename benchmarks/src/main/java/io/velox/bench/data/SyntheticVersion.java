package io.velox.bench.data;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.store.FactorFile;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.StoredFile;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A version of a factorisation as training would write it, of random factors: learning costs the same whatever they are. */
public final class SyntheticVersion {
    public static final int ITEMS = 10_677;
    public static final int RANK = 50;

    private static final ModelVersion ID = new ModelVersion("als", 1);
    private static final String PART = "items/part-00000";
    private static final double NOISE = 0.6;
    private static final double PRIOR_VARIANCE = 0.1;
    private static final double FACTOR_DEVIATION = 0.3;

    private SyntheticVersion() {}

    /** Writes the version, of items 1 to {@value #ITEMS}, into the store. */
    public static Manifest write(ModelStore store, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> items = IntStream.rangeClosed(1, ITEMS)
                .mapToObj(Integer::toString)
                .sorted()
                .toList();
        try (FactorFile.Writer part = store.createPart(ID, PART)) {
            for (String item : items) {
                part.add(item, factors(random), 3.5f, 0);
            }
        }
        List<StoredFile> files = store.describePart(ID, PART);
        Manifest manifest = new Manifest(
                Manifest.FORMAT,
                ID.model(),
                ID.version(),
                ModelKind.ALS,
                RANK + 1,
                Prior.mean(new double[RANK + 1], PRIOR_VARIANCE),
                NOISE,
                null,
                new TreeMap<>(),
                new TreeMap<>(),
                Instant.EPOCH,
                null,
                new TreeMap<>(),
                files);
        store.writeManifest(manifest);
        return manifest;
    }

    /** With the constant 1 for the user's own bias at the end. */
    private static float[] factors(SplittableRandom random) {
        float[] factors = new float[RANK + 1];
        for (int i = 0; i < RANK; i++) {
            factors[i] = (float) (FACTOR_DEVIATION * random.nextGaussian());
        }
        factors[RANK] = 1;
        return factors;
    }

    /** The catalogue's entry in which the version answers. */
    public static CatalogueEntry active(Manifest manifest) {
        return CatalogueEntry.of(ID.model(), ModelKind.ALS)
                .with(new CatalogueEntry.Version(
                        ID.version(),
                        VersionState.ACTIVE,
                        ModelStore.manifestAddress(manifest.id()),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        null));
    }
}
