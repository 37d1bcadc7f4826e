package io.velox.bench.experiment;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.concurrent.Callable;

/** What objects take on the heap of this process, by what is in use before and after they are made. */
final class HeapUse {
    private HeapUse() {}

    /** Bytes of what {@code maker} makes and everything that only it refers to. */
    static long of(Callable<?> maker) throws Exception {
        var unused = maker.call(); // loads classes, which stay
        long before = inUse();
        Object made = maker.call();
        try {
            return inUse() - before;
        } finally {
            Reference.reachabilityFence(made);
        }
    }

    private static long inUse() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            ManagementFactory.getMemoryMXBean().gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
