package io.velox.job.catalogue;

import io.velox.core.config.VeloxConfiguration.StoreConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.FactorBlock;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads versions from the model store, which is open only while it reads: versions are rare. */
public final class StoredVersionReader implements VersionReader {
    private static final long serialVersionUID = 1L;

    private final String root;
    private final HashMap<String, String> hadoop;

    /** {@code hadoop} are properties for the file system of {@code root}. */
    public StoredVersionReader(String root, Map<String, String> hadoop) {
        this.root = root;
        this.hadoop = new HashMap<>(hadoop);
    }

    public static StoredVersionReader of(StoreConfiguration store) {
        return new StoredVersionReader(store.root(), store.hadoop());
    }

    @Override
    public List<CatalogueElement.OfVersion> read(ModelVersion version, String manifestAddress, long position) {
        try (ModelStore store = ModelStore.open(URI.create(root), hadoop)) {
            Manifest manifest = store.readManifest(manifestAddress);
            if (!manifest.id().equals(version)) {
                throw new VeloxException(
                        ErrorCode.CORRUPT_MODEL, manifestAddress + " is the manifest of " + manifest.id());
            }
            return elements(manifest, store.open(manifest), position);
        } catch (VeloxException e) {
            if (e.code() == ErrorCode.CORRUPT_MODEL) {
                return List.of(new CatalogueElement.Rejected(version, position, String.valueOf(e.getMessage())));
            }
            throw e;
        }
    }

    private static List<CatalogueElement.OfVersion> elements(Manifest manifest, VeloxModel model, long position) {
        List<FactorBlock> blocks =
                model instanceof MatrixFactorModel factors ? factors.factors().blocks() : List.of();
        List<CatalogueElement.OfVersion> elements = new ArrayList<>(blocks.size() + 1);
        for (int i = 0; i < blocks.size(); i++) {
            elements.add(new CatalogueElement.Block(manifest.id(), position, i, blocks.get(i)));
        }
        elements.add(new CatalogueElement.Complete(manifest, position, blocks.size()));
        return elements;
    }
}
