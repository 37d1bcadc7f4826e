package io.velox.client;

/** A version that was waited for and will not come; the message says why. */
public final class VersionFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    VersionFailedException(String message) {
        super(message);
    }
}
