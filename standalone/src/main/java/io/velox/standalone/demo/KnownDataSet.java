package io.velox.standalone.demo;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The data sets that the demonstration finds by name. */
enum KnownDataSet {
    ML_LATEST_SMALL("ml-latest-small", "ml-latest-small.zip", "ml-latest-small.zip", "ml-latest-small"),
    ML_100K("ml-100k", "ml-100k.zip", "ml-100k.zip", "ml-100k"),
    ML_1M("ml-1m", "ml-1m.zip", "ml-1m.zip", "ml-1m"),
    ML_10M("ml-10m", "ml-10m.zip", "ml-10m.zip", "ml-10M100K"),
    /** Not GroupLens's: its file has to be fetched by hand. */
    GOODBOOKS("goodbooks", null, "goodbooks-10k-v1.zip", "goodbooks-10k");

    private static final URI GROUPLENS = URI.create("https://files.grouplens.org/datasets/movielens/");

    private final String title;
    private final @Nullable String download;
    private final String zip;
    private final String folder;

    KnownDataSet(String title, @Nullable String download, String zip, String folder) {
        this.title = title;
        this.download = download;
        this.zip = zip;
        this.folder = folder;
    }

    /**
     * The set of this name.
     *
     * @throws IllegalArgumentException naming those there are
     */
    static KnownDataSet named(String name) {
        return Arrays.stream(values())
                .filter(set -> set.title.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--dataset must be one of "
                        + Arrays.stream(values()).map(set -> set.title).collect(Collectors.joining(", "))
                        + " or synthetic, but is '" + name + "'"));
    }

    /** As the command line and benchmarks say. */
    String title() {
        return title;
    }

    /** The zip file or folder that holds it. */
    List<String> files() {
        return List.of(zip, folder);
    }

    /** Where GroupLens publishes it; empty for sets of others. */
    Optional<URI> download() {
        return Optional.ofNullable(download).map(GROUPLENS::resolve);
    }
}
