package io.velox.retrain;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** MovieLens latest-small and half of 1M, where they are on this machine: in {@code $VELOX_DATA}, or in {@code ../shared/data} of a folder upward. */
final class MovieLens {
    private MovieLens() {}

    record Rating(String uid, String item, double label) {}

    static Optional<Path> find() {
        return find("ml-latest-small.zip");
    }

    /** @param name of one of the sets */
    static Optional<Path> find(String name) {
        String given = System.getenv("VELOX_DATA");
        Stream<Path> places = given == null ? Stream.of() : Stream.of(Path.of(given));
        Stream<Path> upward = Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
                .map(folder -> folder.resolve("shared").resolve("data"));
        return Stream.concat(places, upward)
                .map(folder -> folder.resolve(name))
                .filter(Files::exists)
                .findFirst();
    }

    /** In their order in the file. */
    static List<Rating> read(Path zip) {
        return zip.endsWith("ml-latest-small.zip")
                ? read(zip, "ml-latest-small/ratings.csv", 1, ",")
                : read(zip, "ml-1m/ratings.dat", 0, "::");
    }

    private static List<Rating> read(Path zip, String entry, int header, String separator) {
        try (ZipFile file = new ZipFile(zip.toFile());
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(file.getInputStream(file.getEntry(entry)), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .skip(header)
                    .map(line -> line.split(separator))
                    .map(columns -> new Rating(columns[0], columns[1], Double.parseDouble(columns[2])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
