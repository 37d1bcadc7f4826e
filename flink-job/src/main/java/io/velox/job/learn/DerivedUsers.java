package io.velox.job.learn;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.velox.core.user.Revision;
import org.jspecify.annotations.Nullable;

/** The cache of {@link DerivedUser}s, bounded by bytes. Single writer; evicts on the caller's thread. */
final class DerivedUsers {
    private final Cache<String, DerivedUser> users;

    DerivedUsers(long maxBytes) {
        this.users = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((String uid, DerivedUser user) -> user.sizeBytes())
                .executor(Runnable::run)
                .build();
    }

    /** What is cached of the user as of {@code revision}, or null. */
    @Nullable
    DerivedUser find(String uid, Revision revision) {
        DerivedUser user = users.getIfPresent(uid);
        return user != null && user.revision().equals(revision) ? user : null;
    }

    void put(String uid, DerivedUser user) {
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
