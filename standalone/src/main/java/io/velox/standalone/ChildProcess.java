package io.velox.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process of our own, whose id is kept in a file, so that one that outlived its parent is found and ended by the next start.
 *
 * <p>An id may by then belong to somebody else: a process is touched only if its command line bears {@code mark}.
 */
final class ChildProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
    private static final Duration TERM_DEADLINE = Duration.ofSeconds(8);
    private static final Duration KILL_DEADLINE = Duration.ofSeconds(5);

    private final String name;
    private final Process process;
    private final Path pidFile;

    private ChildProcess(String name, Process process, Path pidFile) {
        this.name = name;
        this.process = process;
        this.pidFile = pidFile;
    }

    /**
     * Starts a process.
     *
     * @param environment added to this process's own
     * @param output what it prints, from this start only
     */
    static ChildProcess start(
            String name, List<String> command, Map<String, String> environment, Path pidFile, Path output)
            throws IOException {
        // Ctrl-C in a terminal goes to children too: this one ignores it, and is ended in its turn.
        List<String> shielded = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
        shielded.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(shielded)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        Files.writeString(pidFile, Long.toString(process.pid()));
        return new ChildProcess(name, process, pidFile);
    }

    /**
     * Kills the process that a pid file names, if it still runs and is ours; its parent was killed too.
     *
     * @param mark one of its arguments
     */
    static void endLeftOver(String name, Path pidFile, String mark) throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> left = parse(Files.readString(pidFile)).flatMap(ProcessHandle::of);
        if (left.isPresent() && (commandLine(left.get()) + " ").contains(mark + " ")) {
            LOG.info(
                    "Ending the {} that an earlier Velox left running, process {}",
                    name,
                    left.get().pid());
            kill(name, left.get());
        }
        Files.deleteIfExists(pidFile);
    }

    /** Ends every process with a certain argument; for children that keep no pid file. */
    static void endAllWith(String name, String argument) {
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(handle -> (commandLine(handle) + " ").contains(argument + " "))
                .toList();
        for (ProcessHandle handle : left) {
            LOG.info("Ending the {} that an earlier Velox left running, process {}", name, handle.pid());
            kill(name, handle);
        }
    }

    private static Optional<Long> parse(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String commandLine(ProcessHandle handle) {
        try {
            // Java gives no command line longer than a page.
            return Files.readString(Path.of("/proc", Long.toString(handle.pid()), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return handle.info().commandLine().orElse("");
        }
    }

    private static void end(String name, ProcessHandle handle) {
        handle.destroy();
        if (!await(handle, TERM_DEADLINE)) {
            LOG.info("The {} did not end when asked to, and is killed", name);
            kill(name, handle);
        }
    }

    private static void kill(String name, ProcessHandle handle) {
        handle.destroyForcibly();
        if (!await(handle, KILL_DEADLINE)) {
            throw new StartFailure("process " + handle.pid() + ", a " + name + ", cannot be ended");
        }
    }

    private static boolean await(ProcessHandle handle, Duration deadline) {
        try {
            handle.onExit().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !handle.isAlive();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Completes when the process has ended, with its exit code. */
    CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    @Override
    public void close() {
        end(name, process.toHandle());
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted: {}", pidFile, e.toString());
        }
    }
}
