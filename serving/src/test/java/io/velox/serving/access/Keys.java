package io.velox.serving.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Keys for tests: the key of a role is {@code velox_ROLE}. */
public final class Keys {
    private Keys() {}

    public static String header(Role role) {
        return "Bearer velox_" + role;
    }

    /** Writes a file with a key of each role, each named as its role. */
    public static Path file(Path folder) {
        StringBuilder lines = new StringBuilder();
        for (Role role : Role.values()) {
            lines.append(line(role.toString(), role)).append('\n');
        }
        try {
            return Files.writeString(folder.resolve("keys"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String line(String name, Role role) {
        return name + " " + role + " " + sha256("velox_" + name);
    }

    static String sha256(String key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
