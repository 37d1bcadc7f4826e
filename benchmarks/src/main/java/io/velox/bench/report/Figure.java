package io.velox.bench.report;

import static java.util.Objects.requireNonNull;

/**
 * One number that was found.
 *
 * @param low with {@code high} the interval of the value, 95% unless a note says otherwise; the value itself where there is none
 * @param n how many samples it rests on
 */
public record Figure(String name, String unit, double value, double low, double high, long n) {
    public Figure {
        requireNonNull(unit, "unit");
        if (name.isBlank()) {
            throw new IllegalArgumentException("a figure must have a name");
        }
        if (!(low <= value && value <= high) || !Double.isFinite(low) || !Double.isFinite(high)) {
            throw new IllegalArgumentException(
                    name + " must be finite and within its interval, but is " + value + " in " + low + " to " + high);
        }
    }

    public static Figure of(String name, String unit, Estimate estimate) {
        return new Figure(name, unit, estimate.value(), estimate.low(), estimate.high(), estimate.n());
    }

    /** A number that was counted or measured once. */
    public static Figure exact(String name, String unit, double value) {
        return new Figure(name, unit, value, value, value, 1);
    }
}
