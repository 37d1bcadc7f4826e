package io.velox.serving.predict;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.model.Item;
import io.velox.core.model.VeloxModel;
import io.velox.core.user.HistoryEntry;
import io.velox.core.user.Posterior;
import io.velox.serving.users.UserSnapshot;
import io.velox.serving.users.UserView;
import io.velox.serving.users.Users;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings a user and a model together. The version is chosen once the user is known, so that an answer is from one version whatever
 * happens to the catalogue meanwhile. Safe for use from any thread; nothing blocks.
 */
public final class Predictor {
    private static final UserView NOBODY = new UserView(Optional.empty(), Optional.empty());

    private final Users users;
    private final ServedModels models;
    private final KnownUsers remembering;
    private final CpuPool cpu;

    /** Who answers, and the items that the user has rated already. */
    public record Seen(Answering answering, Set<Item> items) {}

    public Predictor(Users users, ServedModels models, KnownUsers remembering, CpuPool cpu) {
        this.users = users;
        this.models = models;
        this.remembering = remembering;
        this.cpu = cpu;
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

    /** Who answers for the user, with the items that the user has rated at the same revision; fails if they cannot be read. */
    public CompletableFuture<Seen> answeringWithSeen(String model, String uid, ReadOptions read) {
        return remembered(model, uid, read).thenCompose(remembered -> remembered
                .map(known -> CompletableFuture.completedFuture(new Seen(known.answering(), known.seen())))
                .orElseGet(() -> snapshot(uid, read)
                        .thenApply(user -> new Seen(answering(model, user), items(user.history())))));
    }

    /**
     * Who answers, with all that is known of the user; fails if the user's history cannot be read. What the request brings is learnt as if the
     * user had been observed to do that last; nothing is stored.
     *
     * @param uid empty for somebody who has no name
     */
    public CompletableFuture<Known> knowing(
            String model, Optional<String> uid, List<HistoryEntry> session, ReadOptions read) {
        if (uid.isEmpty()) {
            Answering answering = models.answering(model, NOBODY);
            return learn(answering, List.of(), session);
        }
        return session.isEmpty() ? knowing(model, uid.get(), read) : withSession(model, uid.get(), session, read);
    }

    private CompletableFuture<Known> knowing(String model, String uid, ReadOptions read) {
        return remembered(model, uid, read).thenCompose(remembered -> remembered
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> withSession(model, uid, List.of(), read).thenApply(known -> {
                    remembering.keep(uid, known);
                    return known;
                })));
    }

    private CompletableFuture<Known> withSession(
            String model, String uid, List<HistoryEntry> session, ReadOptions read) {
        return snapshot(uid, read).thenCompose(user -> learn(answering(model, user), user.history(), session));
    }

    /** What is still known of the user; empty where the user is new, or has done something since, or cannot be read. */
    private CompletableFuture<Optional<Known>> remembered(String model, String uid, ReadOptions read) {
        return users.find(uid, read.after(), read.timeout()).thenApply(user -> {
            if (user.model().isEmpty() || user.degraded().isPresent()) {
                return Optional.empty();
            }
            read.check(user.model());
            return remembering.find(uid, models.answering(model, user));
        });
    }

    private Answering answering(String model, UserSnapshot user) {
        return models.answering(model, new UserView(user.model(), Optional.empty()));
    }

    private static Set<Item> items(List<HistoryEntry> history) {
        return history.stream().map(HistoryEntry::item).collect(Collectors.toSet());
    }

    private CompletableFuture<Known> learn(
            Answering answering, List<HistoryEntry> history, List<HistoryEntry> session) {
        List<HistoryEntry> all =
                Stream.concat(history.stream(), session.stream()).toList();
        Set<Item> items = items(all);
        VeloxModel version = answering.version().model();
        long steps = (long) all.size() * version.dimension() * version.dimension();
        return answering
                .version()
                .features()
                .gather(items)
                .thenCompose(features -> cpu.compute(steps, () -> {
                    Posterior posterior = Posterior.of(version, features::features, all);
                    Answering own = session.isEmpty() ? answering : answering.withSession(posterior);
                    return new Known(own, items, posterior);
                }));
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
