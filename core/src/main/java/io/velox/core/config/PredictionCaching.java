package io.velox.core.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a serving node keeps predictions. */
public enum PredictionCaching {
    /** Each is computed. */
    @JsonProperty("off")
    OFF,
    /** Of every model. */
    @JsonProperty("on")
    ON,
    /** Of the models of which measurements say that it pays. */
    @JsonProperty("auto")
    AUTO;

    /** To YAML, {@code on} and {@code off} without quotes are true and false. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static PredictionCaching of(Object value) {
        return switch (value.toString()) {
            case "off", "false" -> OFF;
            case "on", "true" -> ON;
            case "auto" -> AUTO;
            default -> throw Ranges.invalid("serving.prediction-cache", "must be off, on or auto, but is " + value);
        };
    }
}
