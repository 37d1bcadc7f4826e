package io.velox.bench.node;

import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;

/** For how long something was ready to run on this machine while its host ran somebody else: <em>steal</em>; none where the system does not tell. */
public final class StolenTime {
    /** What the figures are, for the notes of a result. */
    public static final String NOTE =
            "stolenShare: of the time of all cores, what the machine's host gave to somebody else while something was to run";

    private final CentralProcessor processor = new SystemInfo().getHardware().getProcessor();
    private final long[] begin = processor.getSystemCpuLoadTicks();

    /** The share of the time of all cores since this was made. */
    public double share() {
        return share(begin, processor.getSystemCpuLoadTicks());
    }

    /** Between two readings of the ticks of each {@link TickType}; 0 where no tick lies between them. */
    static double share(long[] begin, long[] end) {
        long all = 0;
        for (TickType type : TickType.values()) {
            all += end[type.getIndex()] - begin[type.getIndex()];
        }
        int steal = TickType.STEAL.getIndex();
        return all == 0 ? 0 : (double) (end[steal] - begin[steal]) / all;
    }
}
