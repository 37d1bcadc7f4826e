package io.velox.serving.lifecycle;

import io.velox.core.config.ModelConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.LinearInputs;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The versions of linear models, which are declared rather than trained: a manifest is all there is to them. */
final class LinearVersions {
    private final ModelStore store;
    private final Clock clock;

    LinearVersions(ModelStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Sees to it that the store has a version as the configuration declares it: the newest, if it is that, or else one more. Blocks.
     *
     * @param newest the highest number in use; 0 if there is none
     * @return the version's number
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    int ensure(String model, int newest, ModelConfiguration.Linear declared) {
        if (newest > 0 && isAsDeclared(new ModelVersion(model, newest), declared)) {
            return newest;
        }
        ModelVersion next = new ModelVersion(model, newest + 1);
        try {
            store.writeManifest(manifest(next, declared));
        } catch (IOException e) {
            throw new VeloxException(
                    ErrorCode.STORE_UNAVAILABLE, "the manifest of " + next + " cannot be written: " + e, e);
        }
        return next.version();
    }

    /** Prior {@code N(0, noise/λ · I)}, so that λ is the ridge's. */
    private Manifest manifest(ModelVersion version, ModelConfiguration.Linear declared) {
        LinearInputs inputs = declared.inputs();
        return new Manifest(
                Manifest.FORMAT,
                version.model(),
                version.version(),
                ModelKind.LINEAR,
                inputs.dimension(),
                Prior.zero(inputs.dimension(), declared.noise() / declared.regularization()),
                declared.noise(),
                inputs,
                new TreeMap<>(),
                new TreeMap<>(Map.of(
                        "regularization", Double.toString(declared.regularization()),
                        "noise", Double.toString(declared.noise()))),
                clock.instant(),
                null,
                new TreeMap<>(),
                declared.repeat(),
                List.of());
    }

    private boolean isAsDeclared(ModelVersion version, ModelConfiguration.Linear declared) {
        Manifest found;
        try {
            found = store.readManifest(ModelStore.manifestAddress(version));
        } catch (VeloxException e) {
            if (e.code() == ErrorCode.CORRUPT_MODEL) {
                return false;
            }
            throw e;
        }
        return found.kind() == ModelKind.LINEAR
                && declared.repeat() == found.repeat()
                && declared.inputs().equals(found.inputs())
                && manifest(version, declared).prior().equals(found.prior())
                && Double.compare(declared.noise(), found.noise()) == 0;
    }
}
