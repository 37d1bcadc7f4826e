package io.velox.core.store;

import java.io.Serializable;

/** A file of a version: its path inside the version's folder, its length, and the SHA-256 of its content in hexadecimal. */
public record StoredFile(String path, long bytes, String sha256) implements Serializable {}
