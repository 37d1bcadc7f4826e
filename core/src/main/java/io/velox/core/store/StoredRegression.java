package io.velox.core.store;

import io.velox.core.error.VeloxException;
import io.velox.core.item.FactorRegression;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;

/**
 * A version's regression of factors on metadata, in the store as {@code metadata/regression-<run>.json}: {@link FactorRegression} in
 * JSON, under the checksum of the manifest. Versions that were trained without metadata have none.
 */
public final class StoredRegression {
    static final String METADATA = "metadata/";
    private static final String NAME = METADATA + "regression-";

    private StoredRegression() {}

    /**
     * Writes it, under a name that is not in use yet.
     *
     * @return the file as the manifest lists it
     */
    public static StoredFile write(ModelStore store, ModelVersion version, FactorRegression regression)
            throws IOException {
        String name = NAME + UUID.randomUUID().toString().substring(0, 8) + ".json";
        byte[] content = RecordCodec.write(regression);
        try (OutputStream out = store.fileSystem().create(new Path(store.folder(version), name), false)) {
            out.write(content);
        }
        return new StoredFile(name, content.length, Sha256.of(content));
    }

    /**
     * Reads and verifies it; empty for a version without. Blocks.
     *
     * @throws VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    public static Optional<FactorRegression> read(ModelStore store, Manifest manifest) {
        return manifest.files().stream()
                .filter(file -> file.path().startsWith(NAME))
                .findFirst()
                .map(file -> read(store, manifest, file));
    }

    private static FactorRegression read(ModelStore store, Manifest manifest, StoredFile file) {
        byte[] content = store.readVerified(manifest, file);
        FactorRegression regression;
        try {
            regression = RecordCodec.read(content, FactorRegression.class);
        } catch (IOException | RuntimeException e) {
            throw ModelStore.corrupt(manifest.id() + ": " + file.path() + " cannot be read: " + e.getMessage(), e);
        }
        if (regression.dimension() != manifest.dimension()) {
            throw ModelStore.corrupt(
                    manifest.id() + ": " + file.path() + " has dimension " + regression.dimension()
                            + ", but the version has " + manifest.dimension(),
                    null);
        }
        return regression;
    }
}
