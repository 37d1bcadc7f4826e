package io.velox.bench.report;

import oshi.SystemInfo;
import oshi.hardware.HardwareAbstractionLayer;

/** What the figures were measured on; {@code memory} in bytes. */
public record Machine(String cpu, int cores, long memory, String os, String java) {

    public static Machine here() {
        SystemInfo system = new SystemInfo();
        HardwareAbstractionLayer hardware = system.getHardware();
        return new Machine(
                hardware.getProcessor().getProcessorIdentifier().getName().strip(),
                Runtime.getRuntime().availableProcessors(),
                hardware.getMemory().getTotal(),
                system.getOperatingSystem().toString(),
                System.getProperty("java.vm.name") + " " + Runtime.version());
    }
}
