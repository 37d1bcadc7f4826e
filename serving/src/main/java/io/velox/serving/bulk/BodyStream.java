package io.velox.serving.bulk;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A request's body as a stream: fed in pieces by an event loop, which never waits, and read by one thread, which does.
 *
 * <p>The sender is paused while more than {@code maxQueuedBytes} wait to be read, and resumed when half of them are.
 */
public final class BodyStream extends InputStream {
    /** Stops and starts the sender; called by whichever thread finds the reason. */
    public interface Valve {
        void pause();

        void resume();
    }

    /** Nothing has come for as long as the reader was willing to wait. */
    public static final class StalledException extends IOException {
        private static final long serialVersionUID = 1L;

        private StalledException(Duration patience) {
            super("nothing came for " + patience.toSeconds() + " s");
        }
    }

    /** The sender went away before the end. */
    public static final class SenderGoneException extends IOException {
        private static final long serialVersionUID = 1L;

        private SenderGoneException(Throwable cause) {
            super("the sender is gone", cause);
        }
    }

    private final Valve valve;
    private final int maxQueuedBytes;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All guarded by the lock, but for the piece, which is the reader's own.
    private final Queue<byte[]> queue = new ArrayDeque<>();
    private int queuedBytes;
    private boolean isPaused;
    private boolean isEnded;
    private boolean isClosed;
    private @Nullable Throwable failure;
    private byte[] piece = new byte[0];
    private int position;
    private Runnable beforeWaiting = () -> {};

    public BodyStream(Valve valve, int maxQueuedBytes, Duration patience) {
        this.valve = valve;
        this.maxQueuedBytes = maxQueuedBytes;
        this.patience = patience;
    }

    /** What the reading thread is to do whenever it finds nothing to read and is about to wait. */
    void beforeWaiting(Runnable action) {
        beforeWaiting = action;
    }

    /** Adds a piece, which is the stream's from now on; dropped when nobody reads any more. */
    public void feed(byte[] bytes) {
        lock.lock();
        try {
            if (isClosed || bytes.length == 0) {
                return;
            }
            queue.add(bytes);
            queuedBytes += bytes.length;
            changed.signal();
            if (queuedBytes <= maxQueuedBytes || isPaused) {
                return;
            }
            isPaused = true;
        } finally {
            lock.unlock();
        }
        valve.pause();
        if (hasBeenResumed()) {
            valve.resume(); // the reader was faster, and its resuming came before the pause
        }
    }

    private boolean hasBeenResumed() {
        lock.lock();
        try {
            return !isPaused;
        } finally {
            lock.unlock();
        }
    }

    /** The body is whole. */
    public void end() {
        end(null);
    }

    /** The body breaks off; what came before can still be read. */
    public void fail(Throwable cause) {
        end(cause);
    }

    private void end(@Nullable Throwable cause) {
        lock.lock();
        try {
            if (!isEnded) {
                isEnded = true;
                failure = cause;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody wants the rest: the reader finds the stream broken, and the sender is not held up. Called by any thread. */
    void abort() {
        fail(new IOException("the rest is not wanted"));
        close();
    }

    @Override
    public int read() throws IOException {
        return next() ? piece[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!next()) {
            return -1;
        }
        int count = Math.min(length, piece.length - position);
        System.arraycopy(piece, position, target, offset, count);
        position += count;
        return count;
    }

    /** 0 only at the end, for which it waits. */
    @Override
    public int available() throws IOException {
        return next() ? piece.length - position : 0;
    }

    /** Whether there is another byte, for which it may wait. */
    private boolean next() throws IOException {
        if (position < piece.length) {
            return true;
        }
        byte @Nullable [] taken = take();
        if (taken == null) {
            // Outside the lock, because it may take its time and the event loop must not wait for it.
            beforeWaiting.run();
            taken = await();
        }
        if (taken == null) {
            return false;
        }
        piece = taken;
        position = 0;
        return true;
    }

    private byte @Nullable [] await() throws IOException {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (queue.isEmpty() && !isEnded) {
                if (nanos <= 0) {
                    throw new StalledException(patience);
                }
                nanos = changed.awaitNanos(nanos);
            }
            if (queue.isEmpty() && failure != null) {
                throw new SenderGoneException(failure);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the body", e);
        } finally {
            lock.unlock();
        }
        return take();
    }

    private byte @Nullable [] take() {
        byte @Nullable [] taken;
        lock.lock();
        try {
            taken = queue.poll();
            if (taken == null) {
                return null;
            }
            queuedBytes -= taken.length;
            if (!isPaused || queuedBytes > maxQueuedBytes / 2) {
                return taken;
            }
            isPaused = false;
        } finally {
            lock.unlock();
        }
        valve.resume();
        return taken;
    }

    /** Forgets what is queued, and drops what still comes. */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            queue.clear();
            queuedBytes = 0;
            if (!isPaused) {
                return;
            }
            isPaused = false;
        } finally {
            lock.unlock();
        }
        valve.resume();
    }
}
