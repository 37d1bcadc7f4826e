package io.velox.core.config;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;

/** The checks of configuration values; each failure names the key and what is allowed. */
final class Ranges {
    private Ranges() {}

    static void within(String key, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw invalid(key, "must be " + low + " to " + high + ", but is " + value);
        }
    }

    static void within(String key, long value, long low, long high) {
        if (value < low || value > high) {
            throw invalid(key, "must be " + low + " to " + high + ", but is " + value);
        }
    }

    static void notEmpty(String key, String value) {
        if (value.isBlank()) {
            throw invalid(key, "must not be empty");
        }
    }

    static VeloxException invalid(String key, String message) {
        return VeloxException.ofField(ErrorCode.INVALID_CONFIGURATION, key, key + " " + message);
    }
}
