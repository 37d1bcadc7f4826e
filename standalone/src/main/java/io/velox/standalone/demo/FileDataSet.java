package io.velox.standalone.demo;

import io.velox.client.ratings.Bundle;
import io.velox.client.ratings.RatingEntry;
import io.velox.client.ratings.RatingOptions;
import io.velox.client.ratings.RatingReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A data set in a zip file as its authors publish it, in a folder with the same files, or in one file of ratings. Known sets are known by
 * their contents.
 *
 * <p>Files sorted by user are streamed; of others the ratings are held in memory.
 */
final class FileDataSet implements DataSet {
    private final Path path;
    private final RatingOptions options;
    private final Identity identity;
    private final Map<String, Title> titles;
    private final Optional<GatheredRatings> gathered;

    private FileDataSet(
            Path path,
            RatingOptions options,
            Identity identity,
            Map<String, Title> titles,
            Optional<GatheredRatings> gathered) {
        this.path = path;
        this.options = options;
        this.identity = identity;
        this.titles = titles;
        this.gathered = gathered;
    }

    /**
     * Opens a data set and reads it through once.
     *
     * @param path a zip file, a folder, or a file of ratings
     * @param all the sets that are known
     * @throws DataSetException if it cannot be read as a whole, or has the name of a known set and is not that
     */
    static FileDataSet open(Path path, RatingOptions options, List<KnownDataSet> all) {
        if (!Files.exists(path)) {
            throw new DataSetException("there is no file or folder " + path);
        }
        try (Bundle bundle = Bundle.open(path)) {
            String ratings = RatingEntry.in(bundle, path.toString(), options.entry());
            Identity identity = Identity.of(path, bundle, ratings, all);
            RatingOptions chosen = options.ofEntry(ratings);
            Optional<GatheredRatings> gathered = gathered(path, chosen, identity);
            return new FileDataSet(path, chosen, identity, TitleFile.read(bundle), gathered);
        } catch (IOException e) {
            throw new DataSetException(e.getMessage() + Identity.difference(path, all), e);
        }
    }

    /** The ratings, unless they can be streamed; their number is compared with what is known. */
    private static Optional<GatheredRatings> gathered(Path path, RatingOptions options, Identity identity)
            throws IOException {
        try (RatingReader reader = RatingReader.open(path, options)) {
            RatedLines lines = new RatedLines(reader);
            if (UserGroups.areAdjacent(lines)) {
                identity.requireRows(path, lines.count());
                return Optional.empty();
            }
        }
        try (RatingReader reader = RatingReader.open(path, options)) {
            GatheredRatings gathered = GatheredRatings.of(new RatedLines(reader));
            identity.requireRows(path, gathered.rows());
            return Optional.of(gathered);
        }
    }

    /** The set that it is; empty for one of the user's own. */
    Optional<KnownDataSet> known() {
        return identity.known();
    }

    @Override
    public String name() {
        return known().map(KnownDataSet::name).orElseGet(() -> path.toAbsolutePath()
                .normalize()
                .getFileName()
                .toString()
                .replaceFirst("(?i)\\.(zip|gz)$", ""));
    }

    @Override
    public Optional<Path> path() {
        return Optional.of(path);
    }

    @Override
    public Optional<String> sha256() {
        return identity.archive().map(Fingerprint::hash);
    }

    @Override
    public Map<String, Title> titles() {
        return titles;
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the stream closes what is opened here
    public Stream<UserRatings> users() {
        return gathered.map(GatheredRatings::users).orElseGet(this::streamed);
    }

    private Stream<UserRatings> streamed() {
        try {
            RatingReader reader = RatingReader.open(path, options);
            return UserGroups.adjacent(new RatedLines(reader)).onClose(() -> close(reader));
        } catch (IOException e) {
            throw new DataSetException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void close(RatingReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            throw new DataSetException("the data set cannot be closed: " + e.getMessage(), e);
        }
    }
}
