package io.velox.bench.front;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The server on one core and the load generator on another, by {@code taskset}: were they to share one, what is measured would be how the
 * kernel divides it.
 */
public final class Cores {
    private static final String TASKSET = "taskset";
    private static final String SERVER = "0";
    private static final String GENERATOR = "1";
    private static final long PATIENCE_SECONDS = 10;

    private Cores() {}

    /** The same command, on the server's core. */
    static List<String> onServerCore(List<String> command) {
        List<String> pinned = new ArrayList<>(List.of(TASKSET, "-c", SERVER));
        pinned.addAll(command);
        return pinned;
    }

    /**
     * Holds this process to the other core until the hold is closed, and with it what it starts other than {@link #onServerCore}. The
     * processors that Java counts are one meanwhile.
     *
     * @throws IllegalStateException if there is no {@code taskset}, or no second core
     */
    public static Hold holdGenerator() {
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

    /** Whether threads may be given a priority above all ordinary ones here. */
    public static boolean mayGoFirst() {
        try {
            run(List.of("chrt", "--rr", "1", "true"));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** What it prints; throws unless it ends well. */
    static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(
                        "this benchmark needs `" + String.join(" ", command) + "`, which failed: " + said.strip());
            }
            return said;
        } catch (IOException e) {
            throw new IllegalStateException("this benchmark needs " + command.get(0), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while cores are given out", e);
        }
    }

    /** How they are given out, for the notes. */
    public static String note() {
        return "server on core " + SERVER + ", load generator on core " + GENERATOR + " (" + TASKSET + ")";
    }
}
