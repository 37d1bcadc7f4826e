package io.velox.core.store;

import java.util.Objects;

/** A file of a version: its path inside the version's folder, its length, and the SHA-256 of its content in hexadecimal. */
public record StoredFile(String path, long bytes, String sha256) {
    public StoredFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(sha256, "sha256");
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must not be negative, but got " + bytes);
        }
    }
}
