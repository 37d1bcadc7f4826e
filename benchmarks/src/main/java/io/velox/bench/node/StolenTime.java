package io.velox.bench.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * For how long something was ready to run on this machine while its host ran somebody else: the kernel's <em>steal</em>
 * (proc_stat(5)), over all cores. Nothing where there is no {@code /proc/stat}.
 */
public final class StolenTime {
    private static final Path STAT = Path.of("/proc/stat");
    private static final String ALL_CORES = "cpu ";
    /** Behind the name: user, nice, system, idle, iowait, irq, softirq, and steal, each in hundredths of a second. */
    private static final int STEAL = 8;

    private static final double PER_SECOND = 100;

    private final double begin = seconds();
    private final long beginNanos = System.nanoTime();

    /** The share of the time of all cores since this was made. */
    public double share() {
        double elapsed = (System.nanoTime() - beginNanos) / 1e9;
        return (seconds() - begin) / elapsed / Runtime.getRuntime().availableProcessors();
    }

    private static double seconds() {
        try {
            return Files.exists(STAT) ? seconds(Files.readAllLines(STAT)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double seconds(List<String> stat) {
        return stat.stream()
                .filter(line -> line.startsWith(ALL_CORES))
                .mapToDouble(line -> Long.parseLong(line.split(" +", -1)[STEAL]) / PER_SECOND)
                .sum();
    }
}
