package io.velox.standalone.demo;

import io.velox.client.ratings.RatingOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the demonstration shows.
 *
 * @param dataset a name that {@link KnownDataSet} knows, or {@code synthetic}
 * @param data where to read it from; empty to search and download
 * @param layout what is said of a file of the user's own
 * @param cache the folder that downloads are kept in
 * @param scale of the synthetic set
 * @param seed of the split and of the synthetic set
 */
public record DemoOptions(
        String dataset, Optional<Path> data, RatingOptions layout, Path cache, double scale, long seed) {
    public static final String SYNTHETIC = "synthetic";

    public DemoOptions {
        if (!dataset.equals(SYNTHETIC)) {
            KnownDataSet.named(dataset, KnownDataSet.all());
        }
        if (!(scale >= SyntheticDataSet.SMALLEST_SCALE && scale <= 1)) {
            throw new IllegalArgumentException(
                    "--scale must be between " + SyntheticDataSet.SMALLEST_SCALE + " and 1, but is " + scale);
        }
    }
}
