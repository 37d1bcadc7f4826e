package io.velox.core.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a model makes of a second observation of an item by the same user. */
public enum Repeat {
    /** It takes the place of the first: a rating that was changed. */
    @JsonProperty("replace")
    REPLACE,
    /** It is one more: a song that was played again. */
    @JsonProperty("accumulate")
    ACCUMULATE
}
