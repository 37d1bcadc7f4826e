package io.velox.core.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The families of models that Velox can serve. */
public enum ModelKind {
    /** {@link MatrixFactorModel}: item factors trained by alternating least squares. */
    @JsonProperty("als")
    ALS,
    /** {@link LinearModel}: the item's own numbers. */
    @JsonProperty("linear")
    LINEAR
}
