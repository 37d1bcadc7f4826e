package io.velox.serving.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * How many requests each caller may make: a bucket of tokens for each, which holds one second's worth and is refilled evenly. Safe for
 * use from any thread.
 *
 * <p>Of the callers, at most {@value #MAX_CALLERS} are remembered; one who has been away for longer than a bucket takes to fill is
 * forgotten without loss.
 */
final class RateLimits {
    private static final int MAX_CALLERS = 10_000;
    private static final Duration REFILL = Duration.ofSeconds(1);

    /** Whose requests are counted together. */
    record Caller(boolean hasKey, String name) {}

    private final int requestsPerSecond;
    private final Cache<Caller, Bucket> buckets;
    private final TimeMeter clock;

    /**
     * Starts with full buckets.
     *
     * @param requestsPerSecond 0 for no limit
     * @param nanoTime as {@link System#nanoTime}
     */
    RateLimits(int requestsPerSecond, LongSupplier nanoTime) {
        this.requestsPerSecond = requestsPerSecond;
        Ticker ticker = nanoTime::getAsLong;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_CALLERS)
                .expireAfterAccess(REFILL.multipliedBy(10))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
        this.clock = new NanoMeter(nanoTime);
    }

    /** @throws AccessRefusal {@code TOO_MANY_REQUESTS} with the time after which there is a token again */
    void take(Caller caller) {
        if (requestsPerSecond == 0) {
            return;
        }
        Bucket bucket = Objects.requireNonNull(buckets.get(caller, unknown -> full()));
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw AccessRefusal.tooManyRequests(
                    requestsPerSecond, caller.hasKey(), Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }

    private Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(requestsPerSecond).refillGreedy(requestsPerSecond, REFILL))
                .withCustomTimePrecision(clock)
                .build();
    }

    private record NanoMeter(LongSupplier nanoTime) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
