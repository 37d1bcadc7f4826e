package io.velox.state;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What the failures of Flink's query client mean; most of them say it only in their message, with a stack trace in it. */
final class QueryFailure {
    private QueryFailure() {}

    static Throwable rootOf(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Whether another proxy may do better: this one cannot be reached, or its TaskManager does not take part in the job. */
    static boolean isOfProxy(Throwable cause) {
        return cause instanceof IOException || text(cause).contains("UnknownLocationException");
    }

    static VeloxException explain(Throwable cause) {
        return new VeloxException(ErrorCode.STATE_UNAVAILABLE, "users' state cannot be read: " + reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        String text = text(cause);
        if (text.contains("UnknownKvStateLocation")) {
            return "the job is starting or restarting";
        }
        if (text.contains("UnknownLocationException")) {
            return "the query proxy's task manager does not take part in the job";
        }
        if (text.contains("FlinkJobNotFoundException")) {
            return "the job that reported last is gone";
        }
        if (cause instanceof IOException) {
            return "no query proxy can be reached (" + firstLine(text) + ")";
        }
        return firstLine(text);
    }

    private static String text(Throwable cause) {
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : cause.getClass().getSimpleName() + ": " + message;
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse(text).strip();
        return line.length() <= 200 ? line : line.substring(0, 197) + "...";
    }
}
