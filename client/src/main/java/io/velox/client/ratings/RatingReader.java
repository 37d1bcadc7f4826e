package io.velox.client.ratings;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file of ratings, one after the other: NDJSON, CSV and the like, MovieLens's {@code ::} and tabs; plain, packed with gzip,
 * or inside a zip file. Memory does not grow with the length. Used by one thread.
 */
public final class RatingReader implements AutoCloseable {
    /** What is open beneath the lines. */
    private interface Source {
        void close() throws IOException;
    }

    private final Source source;
    private final CountedStream bytes;
    private final LineReader lines;
    private final RatingOptions options;
    private @Nullable RatingFormat format;

    private RatingReader(Source source, CountedStream bytes, LineReader lines, RatingOptions options) {
        this.source = source;
        this.bytes = bytes;
        this.lines = lines;
        this.options = options;
    }

    /**
     * Opens a file, or a folder with one that holds ratings.
     *
     * @throws RatingFileException if it is damaged, or it is not clear which of the files inside holds the ratings
     */
    public static RatingReader open(Path path, RatingOptions options) throws IOException {
        Bundle bundle = Bundle.open(path);
        try {
            return open(bundle, RatingEntry.in(bundle, path.toString(), options.entry()), options);
        } catch (IOException | RuntimeException e) {
            bundle.close();
            throw e;
        }
    }

    /** Opens one of a bundle's files, and closes the bundle when it is closed itself. */
    public static RatingReader open(Bundle bundle, String name, RatingOptions options) throws IOException {
        CountedStream bytes = new CountedStream(bundle.open(name), bundle.size(name));
        return new RatingReader(
                () -> {
                    bytes.close();
                    bundle.close();
                },
                bytes,
                new LineReader(Packing.unpacked(bytes, name)),
                options);
    }

    /** Reads a stream, such as standard input; a zip file in it is kept on the disk until this is closed. */
    public static RatingReader open(InputStream in, RatingOptions options) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in);
        if (!Packing.of(buffered).isZip()) {
            CountedStream bytes = new CountedStream(buffered, -1);
            return new RatingReader(bytes::close, bytes, new LineReader(Packing.unpacked(bytes, "the input")), options);
        }
        Path copy = Files.createTempFile("velox-ratings-", ".zip");
        try {
            Files.copy(buffered, copy, StandardCopyOption.REPLACE_EXISTING);
            RatingReader inner = open(copy, options);
            return new RatingReader(
                    () -> {
                        inner.close();
                        Files.delete(copy);
                    },
                    inner.bytes,
                    inner.lines,
                    options);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(copy);
            throw e;
        }
    }

    /**
     * The next line that is neither header nor blank; empty at the end.
     *
     * @throws RatingFileException if the file is damaged, or its first line shows no layout known here
     */
    public Optional<RatingLine> next() throws IOException {
        while (lines.advance()) {
            if (!lines.problem().isEmpty()) {
                return Optional.of(new RatingLine.Bad(lines.number(), lines.problem()));
            }
            if (!lines.text().isBlank() && !isHeader()) {
                return Optional.of(line(lines.number(), lines.text()));
            }
        }
        return Optional.empty();
    }

    /** The line that {@link #next} gave last, without its end; empty if it was too long or not UTF-8. */
    public String text() {
        return lines.text();
    }

    /** The share of the file that has been read, or NaN where its size is unknown. May be asked from any thread. */
    public double fraction() {
        return bytes.fraction();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private boolean isHeader() throws RatingFileException {
        if (format != null) {
            return false;
        }
        try {
            format = RatingFormat.of(lines.text(), options);
        } catch (IllegalArgumentException e) {
            throw new RatingFileException(String.valueOf(e.getMessage()), e);
        }
        return format.hasHeader();
    }

    private RatingLine line(long number, String text) {
        try {
            return new RatingLine.Good(number, format().read(text));
        } catch (IllegalArgumentException e) {
            return new RatingLine.Bad(number, String.valueOf(e.getMessage()));
        }
    }

    private RatingFormat format() {
        if (format == null) {
            throw new IllegalStateException("no line has been read");
        }
        return format;
    }
}
