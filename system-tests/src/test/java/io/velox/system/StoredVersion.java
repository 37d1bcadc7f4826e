package io.velox.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The folder of a model version in the store, as files. */
record StoredVersion(Path folder) {
    private static final String MANIFEST = "manifest.json";

    /** What is before and after the manifest proper in its file. */
    private static final String HEAD = "{\"sha256\":\"%s\",\"manifest\":";

    private static final String END = "}\n";

    /** All files, hidden ones too, in the order of their names; none of a folder that is not there. */
    List<Path> files() {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // it changes while it is looked at
        }
    }

    boolean hasManifest() {
        return Files.exists(folder.resolve(MANIFEST));
    }

    /** The files of tables. */
    List<Path> tables() {
        return files().stream()
                .filter(file -> file.getFileName().toString().matches("data|index"))
                .toList();
    }

    long tableBytes() {
        return tables().stream().mapToLong(StoredVersion::size).sum();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Copies it all to another folder, as another version. */
    StoredVersion copy(Path target, int number) throws IOException {
        for (Path file : files()) {
            Path copy = target.resolve(folder.relativize(file));
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
        StoredVersion copied = new StoredVersion(target);
        copied.rewrite("\"version\" : \\d+", "\"version\" : " + number);
        return copied;
    }

    /** Replaces the first match in the manifest, which then has the checksum that fits. */
    String rewrite(String pattern, String replacement) throws IOException {
        Path file = folder.resolve(MANIFEST);
        String text = Files.readString(file);
        String body = text.substring(HEAD.formatted("0".repeat(64)).length(), text.length() - END.length());
        String next = body.replaceFirst(pattern, replacement);
        if (next.equals(body) && !body.contains(replacement)) {
            throw new IllegalStateException("the manifest has no " + pattern + ": " + body);
        }
        Files.writeString(file, HEAD.formatted(sha256(next)) + next + END);
        return replacement;
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Cuts a file to a random length. */
    String truncate(Random random) throws IOException {
        Path file = any(random);
        byte[] good = Files.readAllBytes(file);
        int length = random.nextInt(good.length);
        Files.write(file, Arrays.copyOf(good, length));
        return folder.relativize(file) + " cut to " + length + " of " + good.length + " bytes";
    }

    /** Flips a random bit of a file. */
    String flip(Random random) throws IOException {
        Path file = any(random);
        byte[] bytes = Files.readAllBytes(file);
        int at = random.nextInt(bytes.length);
        int bit = random.nextInt(8);
        bytes[at] ^= (byte) (1 << bit);
        Files.write(file, bytes);
        return folder.relativize(file) + " with bit " + bit + " of byte " + at + " flipped";
    }

    /** Deletes a file. */
    String lose(Random random) throws IOException {
        Path file = any(random);
        Files.delete(file);
        return folder.relativize(file) + " missing";
    }

    private Path any(Random random) {
        List<Path> all = files();
        return all.get(random.nextInt(all.size()));
    }
}
