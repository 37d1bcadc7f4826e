package io.velox.retrain;

import io.velox.core.error.VeloxException;
import org.jspecify.annotations.Nullable;

/** Why a training failed, in one line. */
final class Reason {
    private static final int MAX_LENGTH = 500;

    private Reason() {}

    /** Our own words if the failure has any, wherever Spark wrapped them; else the first line of the innermost failure. */
    static String of(Throwable failure) {
        Throwable innermost = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof VeloxException) {
                return oneLine(cause.getMessage());
            }
            innermost = cause;
        }
        boolean isTold = innermost instanceof IllegalArgumentException || innermost instanceof IllegalStateException;
        String message = innermost.getMessage();
        if (message == null) {
            return innermost.getClass().getName();
        }
        return oneLine(isTold ? message : innermost.getClass().getSimpleName() + ": " + message);
    }

    private static String oneLine(@Nullable String message) {
        String line = String.valueOf(message).strip();
        int end = line.indexOf('\n');
        line = (end < 0 ? line : line.substring(0, end)).strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH - 3) + "...";
    }
}
