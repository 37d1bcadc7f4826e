package io.velox.standalone.demo;

import io.velox.client.ratings.Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which data set a file is, by its contents: a set that is packed anew, or under another name, is known again, and a file with the name of
 * a known set and other contents is refused.
 *
 * @param known the set that it is; empty for a set of the user's own
 * @param archive of the file as a whole; empty for a folder
 */
record Identity(Optional<KnownDataSet> known, Optional<Fingerprint> archive) {
    private static final String CURE =
            "; fetch it again, or, if it is meant to be another set, give it a name of its own and name it with --data";

    /**
     * Of a file or folder.
     *
     * @param ratings the name of the file with the ratings inside
     * @throws DataSetException if it has the name of a known set, but is not that
     */
    static Identity of(Path path, Bundle bundle, String ratings, List<KnownDataSet> all) throws IOException {
        Fingerprint whole = Files.isDirectory(path) ? null : archive(path);
        Fingerprint inside;
        try (InputStream in = bundle.open(ratings)) {
            inside = Fingerprint.of(in, "MD5");
        }
        Optional<KnownDataSet> known = all.stream()
                .filter(set -> set.ratings().filter(inside::equals).isPresent()
                        || (whole != null && set.archive().filter(whole::equals).isPresent()))
                .findFirst();
        Optional<KnownDataSet> expected = byName(path, all);
        if (expected.isPresent() && known.filter(expected.get()::includes).isEmpty()) {
            refuse(path, ratings, expected.get(), whole, inside);
        }
        return new Identity(known, Optional.ofNullable(whole));
    }

    /** What is known of a set of a file's name, to tell how a file that cannot even be opened differs; empty if there is none. */
    static String difference(Path path, List<KnownDataSet> all) {
        Optional<Fingerprint> published = byName(path, all).flatMap(KnownDataSet::archive);
        try {
            return published.isEmpty() || !Files.isRegularFile(path)
                    ? ""
                    : ". Expected " + published.get() + ", found " + archive(path);
        } catch (IOException e) {
            return ". Expected " + published.get();
        }
    }

    /** Compares the number of lines with ratings that were read. */
    void requireRows(Path path, long rows) {
        known.filter(set -> set.rows() != rows).ifPresent(set -> {
            throw new DataSetException(String.format(
                    "%s is not %s: expected %,d ratings, found %,d%s", path, set.about(), set.rows(), rows, CURE));
        });
    }

    private static Fingerprint archive(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return Fingerprint.of(in, "SHA-256");
        }
    }

    private static Optional<KnownDataSet> byName(Path path, List<KnownDataSet> all) {
        String name = path.toAbsolutePath().normalize().getFileName().toString();
        return all.stream().filter(set -> set.files().contains(name)).findFirst();
    }

    private static void refuse(
            Path path, String ratings, KnownDataSet expected, @Nullable Fingerprint whole, Fingerprint inside) {
        StringBuilder difference = new StringBuilder();
        if (whole != null && expected.archive().isPresent()) {
            difference
                    .append(", expected ")
                    .append(expected.archive().get())
                    .append(", found ")
                    .append(whole);
        }
        expected.ratings().ifPresent(published -> difference
                .append("; of ")
                .append(ratings)
                .append(" in it expected ")
                .append(published)
                .append(", found ")
                .append(inside));
        // Of a folder without a known fingerprint the number of ratings will tell.
        if (!difference.isEmpty()) {
            throw new DataSetException(
                    path + " is not " + expected.about() + " as it was published" + difference + CURE);
        }
    }
}
