package io.velox.standalone.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds a data set: where the options say; else in the folders given, in the cache, or on the network. Where nothing is found it says
 * so, and takes a part of the set if there is one on the disk, or else the synthetic set.
 */
final class DataSetSearch {
    private final List<KnownDataSet> known;
    private final List<Path> folders;
    private final Download download;
    private final Screen screen;

    DataSetSearch(List<KnownDataSet> known, List<Path> folders, Download download, Screen screen) {
        this.known = known;
        this.folders = folders;
        this.download = download;
        this.screen = screen;
    }

    /**
     * The set that the options name.
     *
     * @throws DataSetException if a file is there, but is damaged or another one
     */
    DataSet find(DemoOptions options) {
        if (options.data().isPresent()) {
            return open(options.data().get(), options);
        }
        if (options.dataset().equals(DemoOptions.SYNTHETIC)) {
            return synthetic(options);
        }
        KnownDataSet wanted = KnownDataSet.named(options.dataset(), known);
        Optional<Path> found = onDisk(wanted, options.cache());
        if (found.isPresent()) {
            return open(found.get(), options);
        }
        String failure;
        if (wanted.download().isEmpty()) {
            failure = "has to be fetched by hand";
        } else {
            try {
                Path target = options.cache().resolve(wanted.files().get(0));
                download.fetch(wanted.download().get(), target);
                return openDownloaded(target, options);
            } catch (IOException e) {
                failure = "cannot be downloaded (" + e.getMessage() + ")";
            }
        }
        return instead(wanted, failure, options);
    }

    /** A download that is refused would only be found again the next time. */
    private DataSet openDownloaded(Path target, DemoOptions options) throws IOException {
        try {
            return open(target, options);
        } catch (DataSetException e) {
            Files.delete(target);
            throw e;
        }
    }

    /** What is taken where the set cannot be had; that is said, and the report carries its name. */
    private DataSet instead(KnownDataSet wanted, String failure, DemoOptions options) {
        String missing = wanted.name() + " is in none of the folders searched and " + failure
                + "; name its file with --data if you have it. Going on with ";
        for (KnownDataSet part : known) {
            Optional<Path> found =
                    part.name().startsWith(wanted.name() + "-") ? onDisk(part, options.cache()) : Optional.empty();
            if (found.isPresent()) {
                screen.warn(missing + part.about() + ".");
                return open(found.get(), options);
            }
        }
        screen.warn(missing + "the synthetic set.");
        return synthetic(options);
    }

    private DataSet open(Path path, DemoOptions options) {
        FileDataSet data = FileDataSet.open(path, options.layout(), known);
        screen.say("Found " + path
                + data.known()
                        .map(set -> ": " + set.about() + ", with the checksum and number of ratings that are known")
                        .orElse(""));
        return data;
    }

    private Optional<Path> onDisk(KnownDataSet wanted, Path cache) {
        return Stream.concat(folders.stream(), Stream.of(cache))
                .flatMap(folder -> wanted.files().stream().map(folder::resolve))
                .filter(Files::exists)
                .findFirst();
    }

    private static DataSet synthetic(DemoOptions options) {
        return new SyntheticDataSet(options.scale(), options.seed());
    }
}
