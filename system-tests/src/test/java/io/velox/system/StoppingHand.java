package io.velox.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A hand on a process that stops it at once ({@code SIGSTOP}), to look at what it has done so far: a shell that only waits for the word. */
final class StoppingHand implements AutoCloseable {
    private final Process shell;

    private StoppingHand(Process shell) {
        this.shell = shell;
    }

    static StoppingHand on(ProcessHandle process) throws IOException {
        return new StoppingHand(new ProcessBuilder("sh", "-c", "read word && kill -STOP " + process.pid()).start());
    }

    /** Returns when the process stands still. */
    void stop() throws IOException {
        shell.getOutputStream().write("stop\n".getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().flush();
        try {
            if (!shell.waitFor(10, TimeUnit.SECONDS) || shell.exitValue() != 0) {
                throw new AssertionError("the process was not stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        shell.destroy();
    }
}
