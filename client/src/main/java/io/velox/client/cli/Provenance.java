package io.velox.client.cli;

import io.velox.client.Predictions;
import io.velox.client.TopItems;
import org.jspecify.annotations.Nullable;

/** The line below an answer: which version gave it, from what, how fresh. */
final class Provenance {
    private Provenance() {}

    static String line(Predictions answer) {
        return line(answer.model(), answer.version(), answer.source(), answer.revision(), answer.degraded());
    }

    static String line(TopItems answer) {
        return line(answer.model(), answer.version(), answer.source(), answer.revision(), answer.degraded());
    }

    private static String line(
            String model, int version, String source, @Nullable String revision, @Nullable String degraded) {
        return "(" + model + " version " + version + ", " + source
                + (revision == null ? "" : ", revision " + revision)
                + (degraded == null ? "" : ", DEGRADED: " + degraded) + ")";
    }
}
