package io.velox.standalone;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much heap a training needs that is to hold some ratings: more than is configured, where they are many. */
final class TrainingHeap {
    private static final long BASE_MIB = 1024;
    private static final long MIB_PER_MILLION = 400;
    private static final long MIB = 1 << 20;

    private TrainingHeap() {}

    /**
     * MiB of heap for so many ratings, at most a third of the machine's memory.
     *
     * @param machineMib the memory of the machine
     */
    static int mib(long ratings, long machineMib) {
        return (int) Math.min(machineMib / 3, BASE_MIB + ratings * MIB_PER_MILLION / 1_000_000);
    }

    /** The memory of this machine, or of the container that this process is confined to. */
    static long machineMib() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / MIB;
    }
}
