package io.velox.job.learn;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.velox.core.user.Revision;
import org.jspecify.annotations.Nullable;

/** A cache of what is derived of users, bounded by bytes. Single writer; evicts on the caller's thread. */
final class UserCache<T extends CachedUser> {
    private final Cache<String, T> users;

    UserCache(long maxBytes) {
        this.users = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((String uid, T user) -> user.sizeBytes())
                .executor(Runnable::run)
                .build();
    }

    @Nullable
    T find(String uid) {
        return users.getIfPresent(uid);
    }

    /** What is cached of the user as of {@code revision}, or null. */
    @Nullable
    T find(String uid, Revision revision) {
        T user = users.getIfPresent(uid);
        return user != null && user.revision().equals(revision) ? user : null;
    }

    /** Takes a user in, or weighs one anew that has grown. */
    void put(String uid, T user) {
        users.put(uid, user);
    }

    void forget(String uid) {
        users.invalidate(uid);
    }

    long count() {
        users.cleanUp();
        return users.estimatedSize();
    }
}
