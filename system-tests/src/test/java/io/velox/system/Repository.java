package io.velox.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the built project and the data sets are. */
final class Repository {
    private Repository() {}

    /** The root of the checkout that is being tested. */
    static Path home() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("scripts/velox"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("run the system tests inside the checkout: no scripts/velox above "
                        + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }

    /** A data set's file, where data sets are kept; empty on a machine that does not have it. */
    static Optional<Path> dataSet(String fileName) {
        Path beside = home().resolve("../shared/data").normalize();
        String configured = System.getenv("VELOX_DATA");
        return Stream.of(configured == null ? beside : Path.of(configured), beside)
                .map(folder -> folder.resolve(fileName))
                .filter(Files::exists)
                .findFirst();
    }
}
