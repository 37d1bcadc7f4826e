package io.velox.serving.bulk;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** How many lines imports brought, by what became of them: {@code velox.bulk.lines}. Safe for use from any thread. */
public final class BulkMetrics {
    private final Counter accepted;
    private final Counter refused;

    public BulkMetrics(MeterRegistry registry) {
        this.accepted = lines(registry, "accepted");
        this.refused = lines(registry, "refused");
    }

    private static Counter lines(MeterRegistry registry, String outcome) {
        return Counter.builder("velox.bulk.lines")
                .description("Lines of bulk imports: accepted ones are in the log, refused ones are no observations")
                .tag("outcome", outcome)
                .register(registry);
    }

    void settled(int acceptedLines, int refusedLines) {
        accepted.increment(acceptedLines);
        refused.increment(refusedLines);
    }
}
