package io.velox.core.model;

/** Names one version of one model; versions of a model count from 1. */
public record ModelVersion(String model, int version) implements Comparable<ModelVersion> {
    public ModelVersion {
        Identifiers.checkModelName("model", model);
        if (version < 1) {
            throw new IllegalArgumentException("version must be at least 1, but got " + version);
        }
    }

    @Override
    public int compareTo(ModelVersion other) {
        int byModel = model.compareTo(other.model);
        return byModel != 0 ? byModel : Integer.compare(version, other.version);
    }

    @Override
    public String toString() {
        return model + "/" + version;
    }
}
