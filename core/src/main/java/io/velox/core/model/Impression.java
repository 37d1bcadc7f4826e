package io.velox.core.model;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.util.Arrays;
import java.util.Locale;

/**
 * What an observation says of the answer that showed its item: an opaque id, or {@code policy:id} with the policy by which the item was
 * chosen. Items that {@link Policy#UNIFORM} showed form the validation pool: no model had a hand in them.
 */
public final class Impression {
    private static final char SEPARATOR = ':';
    private static final String UNIFORM = Policy.UNIFORM.text() + SEPARATOR;

    private Impression() {}

    /** How an item came to be shown. */
    public enum Policy {
        UNIFORM,
        EPSILON,
        UCB,
        THOMPSON,
        GREEDY;

        /** As it stands before the colon. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks what a client sends: an id without a colon, or a known policy, a colon, and an id.
     *
     * <p>Only that: the log may hold older ones, which mean nothing and stay readable.
     *
     * @throws VeloxException {@code INVALID_REQUEST}, naming {@code field}
     */
    public static String check(String field, String impression) {
        Identifiers.checkId(field, impression);
        int colon = impression.indexOf(SEPARATOR);
        if (colon < 0) {
            return impression;
        }
        String policy = impression.substring(0, colon);
        if (Arrays.stream(Policy.values()).noneMatch(known -> known.text().equals(policy))) {
            throw invalid(
                    field,
                    "must be an id without a colon, or policy:id with one of the policies "
                            + Arrays.stream(Policy.values()).map(Policy::text).toList());
        }
        if (colon == impression.length() - 1) {
            throw invalid(field, "must have an id after '" + policy + ":'");
        }
        return impression;
    }

    /** Whether it says by which policy the item was chosen. */
    public static boolean hasPolicy(String impression) {
        return impression.indexOf(SEPARATOR) >= 0;
    }

    /** Whether the item was shown by uniform exploration, so that its observation belongs to the validation pool. */
    public static boolean isUniform(String impression) {
        return impression.length() > UNIFORM.length() && impression.startsWith(UNIFORM);
    }

    private static VeloxException invalid(String field, String message) {
        return VeloxException.ofField(ErrorCode.INVALID_REQUEST, field, field + " " + message);
    }
}
