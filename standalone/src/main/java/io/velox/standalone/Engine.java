package io.velox.standalone;

import java.util.concurrent.CompletableFuture;

/** Something that runs until it is closed, or until it fails by itself. */
@FunctionalInterface
public interface Engine extends AutoCloseable {
    /** Stops it; returns by a deadline, and does nothing the second time. */
    @Override
    void close();

    /** Completes with the reason, in a sentence, when it ends without having been closed. */
    default CompletableFuture<String> failure() {
        return new CompletableFuture<>();
    }
}
