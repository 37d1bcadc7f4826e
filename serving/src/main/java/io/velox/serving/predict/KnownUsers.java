package io.velox.serving.predict;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import io.velox.core.model.ModelVersion;
import java.time.Duration;
import java.util.Optional;

/**
 * What was computed from the histories of users, for as long as they are at the same revision; bounded by bytes. Safe for use from any
 * thread.
 */
public final class KnownUsers {
    /** After which it is dropped though nobody asks: of a user who was forgotten nothing stays for longer. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Cache<Key, Known> cache;

    private record Key(String uid, ModelVersion version) {}

    public KnownUsers(long maxBytes) {
        this.cache = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Key key, Known known) -> known.sizeBytes())
                .expireAfterWrite(LONGEST)
                .executor(Runnable::run)
                .recordStats()
                .build();
    }

    /** Publishes hits, misses and weight. */
    public void bindTo(MeterRegistry registry) {
        CaffeineCacheMetrics.monitor(registry, cache, "known-users");
    }

    /** What is known of the user at the revision, and in the version, of an answer. */
    Optional<Known> find(String uid, Answering answering) {
        return Optional.ofNullable(cache.getIfPresent(new Key(uid, answering.id())))
                .filter(known -> known.answering().revision().equals(answering.revision()))
                .map(known -> known.as(answering));
    }

    void keep(String uid, Known known) {
        cache.put(new Key(uid, known.answering().id()), known);
    }
}
