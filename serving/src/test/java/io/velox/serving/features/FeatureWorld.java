package io.velox.serving.features;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.velox.core.model.FactorBlock;
import io.velox.core.model.FactorTable;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.store.FactorFile;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.StoredFile;
import io.velox.serving.ManualScheduler;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A cache over a real store in a folder, with random versions in it. The warmer's time passes only when it is told to. */
public final class FeatureWorld implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofSeconds(10);

    final ModelStore store;
    final FeatureCache cache;
    final ManualScheduler warmer = new ManualScheduler();
    final ComputedFeatureCache computed = new ComputedFeatureCache(1 << 20);
    final FeatureTables tables;
    final ThreadPoolExecutor readers = pool("feature-reader");
    private final ThreadPoolExecutor scanners = pool("catalogue-scan");

    public FeatureWorld(Path folder, long cacheBytes, Duration patience) {
        GatedFileSystem.reset();
        store = ModelStore.open(
                URI.create("gated://" + folder.toAbsolutePath()),
                Map.of("fs.gated.impl", GatedFileSystem.class.getName()));
        cache = new FeatureCache(cacheBytes, new StorePool(readers, patience));
        tables = new FeatureTables(
                store,
                0,
                cache,
                new StorePool(scanners, patience),
                new FeatureWarmer(cache, warmer, INTERVAL),
                computed);
    }

    private static ThreadPoolExecutor pool(String name) {
        AtomicInteger count = new AtomicInteger();
        return new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(200), task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void close() {
        GatedFileSystem.reset();
        readers.shutdownNow();
        scanners.shutdownNow();
        store.close();
    }

    /** Where versions of this world are opened from. */
    public FeatureTables tables() {
        return tables;
    }

    /** A version of {@code n} items, {@code 0} to {@code n-1}, with random features. */
    static MatrixFactorModel random(ModelVersion version, int n, int dimension, Random random) {
        FactorTable.Builder table = new FactorTable.Builder(dimension);
        for (int i = 0; i < n; i++) {
            float[] features = new float[dimension];
            for (int f = 0; f < dimension; f++) {
                features[f] = (float) random.nextGaussian();
            }
            table.add(Integer.toString(i), features, random.nextInt(3), random.nextFloat());
        }
        return new MatrixFactorModel(version, table.build(), Prior.zero(dimension, 1), 1);
    }

    /** Writes a version as training does, in two parts. */
    public Manifest write(MatrixFactorModel model) {
        Map<String, Row> rows = new TreeMap<>((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));
        for (FactorBlock block : model.factors().blocks()) {
            for (int r = 0; r < block.size(); r++) {
                int from = r * block.dimension();
                rows.put(
                        block.items()[r],
                        new Row(
                                Arrays.copyOfRange(block.features(), from, from + block.dimension()),
                                block.offsets()[r],
                                block.noises()[r]));
            }
        }
        List<StoredFile> files = new ArrayList<>();
        List<String> ids = List.copyOf(rows.keySet());
        try {
            files.addAll(part(model.id(), "items/part-0", ids.subList(0, ids.size() / 2), rows));
            files.addAll(part(model.id(), "items/part-1", ids.subList(ids.size() / 2, ids.size()), rows));
            Manifest manifest = new Manifest(
                    Manifest.FORMAT,
                    model.id().model(),
                    model.id().version(),
                    ModelKind.ALS,
                    model.dimension(),
                    model.prior(),
                    model.noise(),
                    null,
                    new TreeMap<>(),
                    new TreeMap<>(),
                    Instant.EPOCH,
                    null,
                    new TreeMap<>(),
                    files);
            store.writeManifest(manifest);
            return manifest;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // on its way from table to file
    private record Row(float[] features, float offset, float noise) {}

    private List<StoredFile> part(ModelVersion version, String part, List<String> ids, Map<String, Row> rows)
            throws IOException {
        try (FactorFile.Writer writer = store.createPart(version, part)) {
            for (String id : ids) {
                Row row = rows.get(id);
                writer.add(id, row.features, row.offset, row.noise);
            }
        }
        return store.describePart(version, part);
    }

    /** Opens a version over the cache. */
    StoredFeatures open(MatrixFactorModel model) {
        return (StoredFeatures) tables.open(write(model)).features();
    }
}
