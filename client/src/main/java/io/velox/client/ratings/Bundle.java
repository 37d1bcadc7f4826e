package io.velox.client.ratings;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files of a data set: a folder, the inside of a zip file, or one file alone. To be closed. */
public interface Bundle extends AutoCloseable {
    /** Their names, with folders and {@code /}, sorted. */
    List<String> names();

    /** Bytes of one of them, unpacked from the zip file. */
    long size(String name) throws IOException;

    /**
     * Opens one of them. Reading fails with a {@link RatingFileException} where a zip file is damaged.
     *
     * @param name one of {@link #names}
     */
    InputStream open(String name) throws IOException;

    @Override
    void close() throws IOException;

    /**
     * Opens a folder, zip file or other file.
     *
     * @throws NoSuchFileException if there is nothing
     * @throws RatingFileException if it is a zip file that is not whole, or no file
     */
    static Bundle open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return FolderBundle.of(path);
        }
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (!Files.isRegularFile(path)) {
            throw new RatingFileException(
                    path + " is a pipe or a device, which can be read only once: send it to standard input, as -");
        }
        try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            return Packing.of(in).isZip() ? ZipBundle.of(path) : new FileBundle(path);
        }
    }

    /** The file of this name in whichever folder, the outermost first. */
    default Optional<String> find(String fileName) {
        return names().stream()
                .filter(name -> name.equals(fileName) || name.endsWith("/" + fileName))
                .min((a, b) -> Long.compare(depth(a), depth(b)));
    }

    private static long depth(String name) {
        return name.chars().filter(c -> c == '/').count();
    }
}
