package io.velox.serving.users;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads that wait until their user's revision has reached a receipt. Safe for use from any thread; futures complete on {@code callbacks}. */
final class ReceiptWaiters {
    private final Map<String, List<Waiter>> byUser = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final int bound;
    private final Executor callbacks;

    ReceiptWaiters(int bound, Executor callbacks) {
        this.bound = bound;
        this.callbacks = callbacks;
    }

    /** One read that waits. */
    final class Waiter {
        private final String uid;
        private final Revision receipt;
        private final CompletableFuture<UserModel> model = new CompletableFuture<>();

        private Waiter(String uid, Revision receipt) {
            this.uid = uid;
            this.receipt = receipt;
        }

        CompletableFuture<UserModel> model() {
            return model;
        }

        boolean isWaiting() {
            return byUser.getOrDefault(uid, List.of()).contains(this);
        }

        /** Ends the wait, unless it has ended. */
        void fail(VeloxException reason) {
            byUser.computeIfPresent(uid, (key, waiters) -> {
                List<Waiter> rest = new ArrayList<>(waiters);
                if (rest.remove(this)) {
                    count.decrementAndGet();
                    callbacks.execute(() -> model.completeExceptionally(reason));
                }
                return rest.isEmpty() ? null : List.copyOf(rest);
            });
        }
    }

    /** Begins to wait; fails with {@code OVERLOADED}. */
    Waiter register(String uid, Revision receipt) {
        if (count.incrementAndGet() > bound) {
            count.decrementAndGet();
            throw new VeloxException(
                    ErrorCode.OVERLOADED, bound + " reads are waiting for their receipts; retry in a moment");
        }
        Waiter waiter = new Waiter(uid, receipt);
        byUser.merge(uid, List.of(waiter), (old, added) -> {
            List<Waiter> all = new ArrayList<>(old);
            all.addAll(added);
            return List.copyOf(all);
        });
        return waiter;
    }

    boolean isAwaited(String uid) {
        return byUser.containsKey(uid);
    }

    /** Completes every read that the model satisfies. */
    void offer(UserModel model) {
        byUser.computeIfPresent(model.uid(), (key, waiters) -> {
            List<Waiter> rest = new ArrayList<>(waiters.size());
            for (Waiter waiter : waiters) {
                if (isSatisfied(waiter.receipt, model)) {
                    count.decrementAndGet();
                    callbacks.execute(() -> waiter.model.complete(model));
                } else {
                    rest.add(waiter);
                }
            }
            return rest.isEmpty() ? null : List.copyOf(rest);
        });
    }

    /** Whether the model reflects the observation of a receipt. */
    static boolean isSatisfied(Revision receipt, UserModel model) {
        return model.revision().isInPartitionOf(receipt) && model.revision().hasReached(receipt);
    }

    /** How many reads wait. */
    int size() {
        return count.get();
    }
}
