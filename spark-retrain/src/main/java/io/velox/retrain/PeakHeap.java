package io.velox.retrain;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;

/** The most heap that this process has used so far: on one machine all of a training, on a cluster its driver. */
final class PeakHeap {
    private PeakHeap() {}

    /** In 2²⁰ bytes: the sum over the heap's pools of what each had at its fullest, which is never too little. */
    static long mebibytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                >> 20;
    }
}
