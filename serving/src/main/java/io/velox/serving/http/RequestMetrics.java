package io.velox.serving.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long requests take, by operation and class of status: {@code velox.http.requests}. Safe for use from any thread. */
final class RequestMetrics {
    /** The operation of requests that no route takes. */
    static final String NO_OPERATION = "none";

    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private record Key(String operation, int statusClass) {}

    private final MeterRegistry registry;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void record(String operation, int status, long nanos) {
        timers.computeIfAbsent(new Key(operation, status / 100), this::timer).record(Duration.ofNanos(nanos));
    }

    private Timer timer(Key key) {
        return Timer.builder("velox.http.requests")
                .description("Requests to the API, from their head to the answer that is ready to be sent")
                .tag("operation", key.operation)
                .tag("status", key.statusClass + "xx")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
