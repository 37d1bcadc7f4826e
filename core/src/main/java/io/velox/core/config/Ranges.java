package io.velox.core.config;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import org.jspecify.annotations.Nullable;

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

    static void given(String key, @Nullable Object value) {
        if (value == null) {
            throw invalid(key, "must be given");
        }
    }

    static void matches(String key, String value, String pattern) {
        notEmpty(key, value);
        if (!value.matches(pattern)) {
            throw invalid(key, "must match " + pattern + ", but is '" + value + "'");
        }
    }

    static void notEmpty(String key, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw invalid(key, "must not be empty");
        }
    }

    static VeloxException invalid(String key, String message) {
        return VeloxException.ofField(ErrorCode.INVALID_CONFIGURATION, key, key + " " + message);
    }
}
