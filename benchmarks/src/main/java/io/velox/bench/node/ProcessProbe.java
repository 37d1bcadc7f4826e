package io.velox.bench.node;

import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/** A process as the operating system sees it. */
public final class ProcessProbe {
    private final OperatingSystem system = new SystemInfo().getOperatingSystem();
    private final int pid;

    /** {@code residentBytes} are its memory that is not swapped out, whoever allocated it. */
    public record Usage(long residentBytes, long openFiles, int threads) {}

    public ProcessProbe(long pid) {
        this.pid = Math.toIntExact(pid);
    }

    /**
     * Looks at it.
     *
     * @throws IllegalStateException if it has ended
     */
    public Usage now() {
        OSProcess process = system.getProcess(pid);
        if (process == null) {
            throw new IllegalStateException("process " + pid + " has ended");
        }
        return new Usage(process.getResidentSetSize(), process.getOpenFiles(), process.getThreadCount());
    }
}
