package io.velox.serving;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been opened, to be closed in the opposite order; what fails to close does not keep the rest open. Single writer. */
final class Opened implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Opened.class);
    private static final Duration EXECUTOR_TIMEOUT = Duration.ofSeconds(5);

    private final Deque<AutoCloseable> stack = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        stack.push(part);
        return part;
    }

    <E extends ExecutorService> E addExecutor(E executor) {
        stack.push(() -> {
            executor.shutdownNow();
            if (!executor.awaitTermination(EXECUTOR_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{} has not ended within {}", executor, EXECUTOR_TIMEOUT);
            }
        });
        return executor;
    }

    @Override
    public void close() {
        while (!stack.isEmpty()) {
            try {
                stack.pop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("a part of the node did not close", e);
            }
        }
    }
}
