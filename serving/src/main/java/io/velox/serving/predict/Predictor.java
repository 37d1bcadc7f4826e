package io.velox.serving.predict;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.Item;
import io.velox.core.user.HistoryEntry;
import io.velox.serving.users.UserSnapshot;
import io.velox.serving.users.UserView;
import io.velox.serving.users.Users;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * Brings a user and a model together. The version is chosen once the user is known, so that an answer is from one version whatever
 * happens to the catalogue meanwhile. Safe for use from any thread; nothing blocks.
 */
public final class Predictor {
    private final Users users;
    private final ServedModels models;

    /** Who answers, and the items that the user has rated already. */
    public record Seen(Answering answering, Set<Item> items) {}

    public Predictor(Users users, ServedModels models) {
        this.users = users;
        this.models = models;
    }

    /**
     * Who answers for the user. Without a receipt, a user who cannot be read is answered from the prior, and the answer is marked as
     * degraded; with one, the future fails.
     */
    public CompletableFuture<Answering> answering(String model, String uid, ReadOptions read) {
        return users.find(uid, read.after(), read.timeout())
                .exceptionally(e -> unreadable(e, read))
                .thenApply(user -> {
                    read.check(user.model());
                    return models.answering(model, user);
                });
    }

    /** Who answers for the user, with the user's history at the same revision; fails if that cannot be read. */
    public CompletableFuture<Seen> answeringWithSeen(String model, String uid, ReadOptions read) {
        return snapshot(uid, read).thenApply(user -> {
            Set<Item> items = user.history().stream().map(HistoryEntry::item).collect(Collectors.toSet());
            return new Seen(models.answering(model, new UserView(user.model(), Optional.empty())), items);
        });
    }

    /** The user and the history at one revision. */
    public CompletableFuture<UserSnapshot> snapshot(String uid, ReadOptions read) {
        return users.snapshot(uid, read.after(), read.timeout()).thenApply(user -> {
            read.check(user.model());
            return user;
        });
    }

    private static UserView unreadable(Throwable thrown, ReadOptions read) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (read.after().isEmpty()
                && cause instanceof VeloxException e
                && e.code().family() == ErrorCode.Family.UNAVAILABLE) {
            return new UserView(Optional.empty(), Optional.of("the user's state cannot be read: " + e.getMessage()));
        }
        throw new CompletionException(cause);
    }
}
