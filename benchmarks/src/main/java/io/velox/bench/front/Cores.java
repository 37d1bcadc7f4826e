package io.velox.bench.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** Holds this process to the other core, where that can be done, until the hold is closed. */
    public static Hold holdGenerator() {
        if (!canPin()) {
            return () -> {};
        }
        String self = Long.toString(ProcessHandle.current().pid());
        String said = run(List.of(TASKSET, "-c", "-p", self));
        String before = said.substring(said.lastIndexOf(' ') + 1).strip();
        run(List.of(TASKSET, "-a", "-c", "-p", GENERATOR, self));
        return () -> run(List.of(TASKSET, "-a", "-c", "-p", before, self));
    }

    /** Gives the cores back. */
    @FunctionalInterface
    public interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    private static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while cores are given out", e);
        }
    }

    /** How that went, for the notes. */
    public static String note() {
        return canPin()
                ? "server on core " + SERVER + ", load generator on core " + GENERATOR + " (taskset)"
                : "server and load generator share all cores: there is no taskset, or one core only";
    }
}
