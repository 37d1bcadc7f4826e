package io.velox.core.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a user's weights start from. */
public enum PriorKind {
    /** The origin, with an isotropic covariance: the paper's equation (2). */
    @JsonProperty("zero")
    ZERO,
    /** The average user, with an isotropic covariance: the paper's bootstrap of new users. */
    @JsonProperty("mean")
    MEAN,
    /** Mean and covariance of the users that training saw. */
    @JsonProperty("gaussian")
    GAUSSIAN
}
