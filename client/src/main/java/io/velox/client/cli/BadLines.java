package io.velox.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.velox.client.cli.ImportChunk.BadLine;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of lines that are no observations: the first few are printed, all are counted and, if there is a file for them, kept:
 * number, reason and the line itself, with tabs between. The file appears with the first of them.
 */
final class BadLines implements AutoCloseable {
    private static final int SHOWN = 20;

    private final PrintWriter err;
    private final Optional<Path> file;
    private final boolean isContinued;
    private @Nullable BufferedWriter kept;
    private long count;

    /** {@code isContinued}: whether those of an earlier part of the import stay in the file. */
    BadLines(PrintWriter err, Optional<Path> file, boolean isContinued) throws IOException {
        this.err = err;
        this.file = file;
        this.isContinued = isContinued;
        if (file.isPresent() && !isContinued) {
            Files.deleteIfExists(file.get());
        }
    }

    void add(BadLine line) throws IOException {
        if (count < SHOWN) {
            err.println("line " + line.number() + ": " + line.reason());
        } else if (count == SHOWN) {
            err.println("(further bad lines are only counted" + (file.isPresent() ? " and kept)" : ")"));
        }
        count++;
        if (file.isPresent()) {
            BufferedWriter to = kept == null ? open(file.get()) : kept;
            kept = to;
            String text = line.number() + "\t" + line.reason() + "\t" + line.text() + "\n";
            to.write(new String(text.getBytes(UTF_8), UTF_8)); // half a surrogate pair has no encoding
        }
    }

    private BufferedWriter open(Path path) throws IOException {
        return Files.newBufferedWriter(
                path,
                StandardOpenOption.CREATE,
                isContinued ? StandardOpenOption.APPEND : StandardOpenOption.CREATE_NEW);
    }

    /** Puts on the disk what it was told until now. */
    void flush() throws IOException {
        if (kept != null) {
            kept.flush();
        }
    }

    long count() {
        return count;
    }

    @Override
    public void close() throws IOException {
        if (kept != null) {
            kept.close();
        }
    }
}
