package io.velox.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds a data set: where the options say; else in the folders given, in the cache, or on the network. Where nothing is found it says
 * so, and takes the synthetic set.
 */
final class DataSetSearch {
    private final List<Path> folders;
    private final Download download;
    private final Screen screen;

    DataSetSearch(List<Path> folders, Download download, Screen screen) {
        this.folders = folders;
        this.download = download;
        this.screen = screen;
    }

    DataSet find(DemoOptions options) {
        if (options.data().isPresent()) {
            return FileDataSet.open(name(options), options.data().get());
        }
        if (options.dataset().equals(DemoOptions.SYNTHETIC)) {
            return synthetic(options);
        }
        KnownDataSet wanted = KnownDataSet.named(options.dataset());
        Optional<Path> found = onDisk(wanted, options.cache());
        if (found.isPresent()) {
            screen.say("Found " + found.get());
            return FileDataSet.open(wanted.title(), found.get());
        }
        Optional<URI> address = wanted.download();
        if (address.isEmpty()) {
            screen.warn(wanted.title()
                    + " is in none of the folders searched and cannot be downloaded from GroupLens; name its file with"
                    + " --data. Going on with the synthetic set.");
            return synthetic(options);
        }
        try {
            Path target = options.cache().resolve(wanted.files().get(0));
            download.fetch(address.get(), target);
            return FileDataSet.open(wanted.title(), target);
        } catch (IOException e) {
            screen.warn(wanted.title() + " is in none of the folders searched and cannot be downloaded ("
                    + e.getMessage() + "); name its file with --data if you have it. Going on with the synthetic set.");
            return synthetic(options);
        }
    }

    /** A file of another set than named keeps its own name. */
    private static String name(DemoOptions options) {
        Path file = options.data().map(Path::getFileName).orElseThrow();
        for (KnownDataSet known : KnownDataSet.values()) {
            if (known.files().contains(file.toString())) {
                return known.title();
            }
        }
        return file.toString().replaceFirst("\\.zip$", "");
    }

    private Optional<Path> onDisk(KnownDataSet wanted, Path cache) {
        for (Path folder : Stream.concat(folders.stream(), Stream.of(cache)).toList()) {
            for (String file : wanted.files()) {
                Path candidate = folder.resolve(file);
                if (Files.exists(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    private static DataSet synthetic(DemoOptions options) {
        return new SyntheticDataSet(options.scale(), options.seed());
    }
}
