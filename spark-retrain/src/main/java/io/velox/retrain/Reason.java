package io.velox.retrain;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import org.jspecify.annotations.Nullable;

/** Why a training failed, in one line. */
final class Reason {
    private static final int MAX_LENGTH = 500;

    private Reason() {}

    /** Our own words if the failure has any, wherever Spark wrapped them; else the outermost failure, and the innermost in brackets. */
    static String of(Throwable failure) {
        if (failure instanceof IllegalArgumentException || failure instanceof IllegalStateException) {
            return cut(firstLine(failure.getMessage()));
        }
        Throwable innermost = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof VeloxException) {
                return cut(firstLine(cause.getMessage()));
            }
            innermost = cause;
        }
        String inBrackets = innermost == failure ? "" : " (" + describe(innermost) + ")";
        String outside = describe(failure);
        int room = MAX_LENGTH - Math.min(inBrackets.length(), MAX_LENGTH / 2);
        return cut((outside.length() <= room ? outside : outside.substring(0, room - 3) + "...") + inBrackets);
    }

    /** Whether another attempt would fail in the same way: what was asked for cannot be had, or the data do not allow it. */
    static boolean isFinal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof VeloxException e) {
                return e.code().family() != ErrorCode.Family.UNAVAILABLE;
            }
        }
        return failure instanceof IllegalArgumentException || failure instanceof IllegalStateException;
    }

    private static String describe(Throwable failure) {
        return failure.getMessage() == null
                ? failure.getClass().getName()
                : failure.getClass().getSimpleName() + ": " + firstLine(failure.getMessage());
    }

    private static String firstLine(@Nullable String message) {
        return String.valueOf(message).strip().lines().findFirst().orElse("").strip();
    }

    private static String cut(String line) {
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH - 3) + "...";
    }
}
