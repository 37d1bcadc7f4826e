package io.velox.serving.predict;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the weights behind an answer were made from. */
public enum Source {
    /** At least one of the user's own observations. */
    @JsonProperty("personal")
    PERSONAL,
    /** Observations that the request itself brought, and the user's own if it named one. */
    @JsonProperty("session")
    SESSION,
    /** The version's prior mean alone: the average user. */
    @JsonProperty("prior")
    PRIOR
}
