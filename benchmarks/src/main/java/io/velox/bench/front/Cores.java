package io.velox.bench.front;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The server on one core and the load generator on another, where {@code taskset} is there to see to it. */
public final class Cores {
    private static final String TASKSET = "taskset";
    private static final String SERVER = "0";
    private static final String GENERATOR = "1";
    private static final long PATIENCE_SECONDS = 10;

    private Cores() {}

    /** Whether processes can be held to cores here. */
    public static boolean canPin() {
        return Runtime.getRuntime().availableProcessors() >= 2
                && List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(TASKSET)));
    }

    /** The same command, on the server's core. */
    static List<String> onServerCore(List<String> command) {
        List<String> pinned = new ArrayList<>(canPin() ? List.of(TASKSET, "-c", SERVER) : List.of());
        pinned.addAll(command);
        return pinned;
    }

    /** Holds this process to the other core, from now on. */
    public static void takeGeneratorCore() throws IOException, InterruptedException {
        if (!canPin()) {
            return;
        }
        String self = Long.toString(ProcessHandle.current().pid());
        Process pinning = new ProcessBuilder(TASKSET, "-a", "-c", "-p", GENERATOR, self)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!pinning.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || pinning.exitValue() != 0) {
            throw new IOException("this process cannot be held to core " + GENERATOR);
        }
    }

    /** How that went, for the notes. */
    public static String note() {
        return canPin()
                ? "server on core " + SERVER + ", load generator on core " + GENERATOR + " (taskset)"
                : "server and load generator share all cores: there is no taskset, or one core only";
    }
}
