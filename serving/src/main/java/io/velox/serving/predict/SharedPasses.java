package io.velox.serving.predict;

import io.velox.core.topk.CatalogueIndex;
import io.velox.core.topk.Ranking;
import io.velox.core.topk.Wanted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;

/**
 * Rankings of whole catalogues that are too large for an event loop. Those that wait for a thread at the same time, of one catalogue, are
 * shared out among the threads, and each thread ranks its share in one pass; where nobody waits, each question has a thread to itself. Safe
 * for use from any thread.
 */
final class SharedPasses {
    /** In one pass: more would only make the first of them wait. */
    private static final int MOST = 16;

    private final CpuPool cpu;
    private final Map<CatalogueIndex, Queue<Waiting>> queues = Collections.synchronizedMap(new WeakHashMap<>());

    private record Waiting(Wanted wanted, CompletableFuture<Ranking> ranking) {}

    SharedPasses(CpuPool cpu) {
        this.cpu = cpu;
    }

    /** Fails with {@code OVERLOADED} where the pool takes no more. */
    CompletableFuture<Ranking> best(CatalogueIndex catalogue, Wanted wanted) {
        Queue<Waiting> queue = queues.computeIfAbsent(catalogue, index -> new ArrayDeque<>());
        Waiting waiting = new Waiting(wanted, new CompletableFuture<>());
        synchronized (queue) {
            queue.add(waiting);
        }
        // As many tasks as questions: one that finds no question left has nothing to do.
        var unused = cpu.submit(() -> rank(catalogue, queue)).whenComplete((done, refused) -> {
            if (refused != null && isWithdrawn(queue, waiting)) {
                waiting.ranking.completeExceptionally(refused);
            }
        });
        return waiting.ranking;
    }

    /** False when another task has taken the question, which is answered then. */
    private static boolean isWithdrawn(Queue<Waiting> queue, Waiting waiting) {
        synchronized (queue) {
            return queue.remove(waiting);
        }
    }

    private boolean rank(CatalogueIndex catalogue, Queue<Waiting> queue) {
        List<Waiting> share = share(queue);
        if (share.isEmpty()) {
            return false;
        }
        try {
            List<Ranking> rankings =
                    catalogue.best(share.stream().map(Waiting::wanted).toList());
            for (int i = 0; i < share.size(); i++) {
                share.get(i).ranking.complete(rankings.get(i));
            }
        } catch (RuntimeException e) {
            share.forEach(waiting -> waiting.ranking.completeExceptionally(e));
        }
        return true;
    }

    private List<Waiting> share(Queue<Waiting> queue) {
        List<Waiting> share = new ArrayList<>();
        synchronized (queue) {
            int size = Math.min(MOST, (queue.size() + cpu.size() - 1) / cpu.size());
            while (share.size() < size) {
                share.add(queue.remove());
            }
        }
        return share;
    }
}
