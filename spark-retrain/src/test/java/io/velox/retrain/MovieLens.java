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

/** MovieLens latest-small, where it is on this machine: in {@code $VELOX_DATA}, or in {@code ../shared/data} of a folder upward. */
final class MovieLens {
    private MovieLens() {}

    record Rating(String uid, String item, double label) {}

    static Optional<Path> find() {
        String given = System.getenv("VELOX_DATA");
        Stream<Path> places = given == null ? Stream.of() : Stream.of(Path.of(given));
        Stream<Path> upward = Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null, Path::getParent)
                .map(folder -> folder.resolve("shared").resolve("data"));
        return Stream.concat(places, upward)
                .map(folder -> folder.resolve("ml-latest-small.zip"))
                .filter(Files::exists)
                .findFirst();
    }

    static List<Rating> read(Path zip) {
        try (ZipFile file = new ZipFile(zip.toFile());
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        file.getInputStream(file.getEntry("ml-latest-small/ratings.csv")), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .map(columns -> new Rating(columns[0], columns[1], Double.parseDouble(columns[2])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
