package io.velox.standalone;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.flink.util.SerializedThrowable;
import org.jspecify.annotations.Nullable;

/** What is at the bottom of a chain of exceptions. */
final class Causes {
    private Causes() {}

    /** The deepest cause with a message, as one line. */
    static String root(Throwable failure) {
        List<Throwable> chain = chain(failure);
        for (int i = chain.size() - 1; i >= 0; i--) {
            @Nullable String message = chain.get(i).getMessage();
            if (message != null && !message.isBlank()) {
                return message.lines().findFirst().orElse(message);
            }
        }
        return chain.get(chain.size() - 1).toString();
    }

    /** Whether a message in the chain contains one of the words, in any case. */
    static boolean mention(Throwable failure, List<String> words) {
        String text = failure instanceof SerializedThrowable serialized
                ? serialized.getFullStringifiedStackTrace()
                : chain(failure).toString();
        String lower = text.toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(lower::contains);
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }
}
