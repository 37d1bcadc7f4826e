package io.velox.client.cli;

import io.velox.client.ratings.Bundle;
import io.velox.client.ratings.RatingOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** What an import is called where nobody named it. */
final class ImportName {
    private static final int MAX_BASE = 100;
    private static final int HASH_BYTES = 6;

    private ImportName() {}

    /** A new one. */
    static String random() {
        return "stdin-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** The file's name and a hash of its contents and of how they are read: the same for the same import only. */
    static String of(Path path, RatingOptions options) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        try (OutputStream hashing = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            if (Files.isDirectory(path)) {
                try (Bundle folder = Bundle.open(path)) {
                    for (String name : folder.names()) {
                        hashing.write(name.getBytes(StandardCharsets.UTF_8));
                        try (InputStream in = folder.open(name)) {
                            in.transferTo(hashing);
                        }
                    }
                }
            } else {
                try (Bundle file = Bundle.open(path)) { // refuses what can be read only once
                    Files.copy(path, hashing);
                }
            }
            hashing.write(options.toString().getBytes(StandardCharsets.UTF_8));
        }
        String base = path.toAbsolutePath()
                .normalize()
                .getFileName()
                .toString()
                .replaceAll("[\\p{Cntrl}\\ud800-\\udfff]", "_");
        return (base.length() <= MAX_BASE ? base : base.substring(0, MAX_BASE)) + "-"
                + HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
    }
}
