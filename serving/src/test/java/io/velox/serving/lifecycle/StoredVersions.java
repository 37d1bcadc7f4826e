package io.velox.serving.lifecycle;

import io.velox.core.log.LogCut;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.store.FactorFile;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.core.store.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A real store in a folder, with versions of two items as training would write them. */
final class StoredVersions {
    private final Path folder;
    private final ModelStore store;

    StoredVersions(Path folder) {
        this.folder = folder;
        this.store = ModelStore.open(folder.toUri(), Map.of());
    }

    ModelStore store() {
        return store;
    }

    /** Writes a complete version that promises nothing. */
    void write(ModelVersion version, LogCut cut, List<String> users) {
        write(version, cut, users, new TreeMap<>());
    }

    /** Writes a complete version. */
    void write(ModelVersion version, LogCut cut, List<String> users, SortedMap<String, Double> metrics) {
        try {
            List<StoredFile> files = new ArrayList<>(part(version, "items/part-0", List.of("i1", "i2")));
            files.addAll(part(version, "users/part-0", users.stream().sorted().toList()));
            files.addAll(part(version, "posterior/part-0", List.of("i1", "i2")));
            store.writeManifest(new Manifest(
                    Manifest.FORMAT,
                    version.model(),
                    version.version(),
                    ModelKind.ALS,
                    2,
                    Prior.zero(2, 1),
                    1,
                    null,
                    metrics,
                    new TreeMap<>(),
                    Instant.EPOCH,
                    cut,
                    new TreeMap<>(),
                    files));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<StoredFile> part(ModelVersion version, String part, List<String> ids) throws IOException {
        try (FactorFile.Writer writer = store.createPart(version, part)) {
            for (String id : ids) {
                writer.add(id, new float[] {1, 2}, 0, 0);
            }
        }
        return store.describePart(version, part);
    }

    /** Overwrites one byte of a version's file. */
    void damage(ModelVersion version, String file) {
        Path path = folder.resolve("models").resolve(version.toString()).resolve(file);
        try {
            byte[] bytes = Files.readAllBytes(path);
            bytes[bytes.length - 1] ^= 1;
            Files.write(path, bytes);
            Files.deleteIfExists(path.resolveSibling("." + path.getFileName() + ".crc"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
