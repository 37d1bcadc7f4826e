package io.velox.serving.access;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the file of keys: in each line a name, a role, and the SHA-256 of the key as 64 hexadecimal digits, with spaces between; empty
 * lines and what follows a {@code #} do not count.
 *
 * <pre>
 * # name     role     SHA-256 of the key
 * shop       observe  4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865
 * </pre>
 *
 * <p>Complaints name line and field, and never quote what may be a key that was put there by mistake.
 */
final class KeysFile {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-fA-F]{64}");

    private final Path file;
    private final List<AccessKey> keys = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> digests = new HashSet<>();

    private KeysFile(Path file) {
        this.file = file;
    }

    /** @throws VeloxException {@code INVALID_CONFIGURATION}, of the field {@code access.keys-file} */
    static KeyRing read(Path file, byte[] content) {
        KeysFile reader = new KeysFile(file);
        String[] lines = reader.text(content).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                reader.add(i + 1, line.split("\\s+"));
            }
        }
        return new KeyRing(reader.keys);
    }

    /** Refuses a file without keys: nobody could ask anything. Later on that may be just what is meant. */
    static void requireSome(Path file, KeyRing ring) {
        if (ring.size() == 0) {
            throw problem(file + " has no keys; `velox key new` makes one");
        }
    }

    private String text(byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw problem(file + " must be text in UTF-8");
        }
    }

    private void add(int line, String[] fields) {
        if (fields.length != 3) {
            throw problem(line, "it must have a name, a role and a SHA-256, but has " + fields.length + " words");
        }
        if (!NAME.matcher(fields[0]).matches()) {
            throw problem(line, "the name must have 1 to 63 letters, digits, dots, underscores and hyphens");
        }
        if (fields[0].startsWith("velox_")) {
            throw problem(line, "the name begins as keys do; if it is one, make another, and put its line here");
        }
        if (!names.add(fields[0])) {
            throw problem(line, "the name " + fields[0] + " is that of another key; give each its own");
        }
        Role role = Role.named(fields[1]).orElseThrow(() -> problem(line, "the role must be one of " + Role.names()));
        if (!DIGEST.matcher(fields[2]).matches()) {
            throw problem(line, "the SHA-256 must be 64 hexadecimal digits; `velox key new` prints the line");
        }
        byte[] digest = HexFormat.of().parseHex(fields[2]);
        if (!digests.add(HexFormat.of().formatHex(digest))) {
            throw problem(line, "the SHA-256 is that of another key");
        }
        keys.add(new AccessKey(fields[0], role, digest));
    }

    private VeloxException problem(int line, String message) {
        return problem(file + " line " + line + ": " + message);
    }

    private static VeloxException problem(String message) {
        return VeloxException.ofField(
                ErrorCode.INVALID_CONFIGURATION, "access.keys-file", "access.keys-file: " + message);
    }
}
