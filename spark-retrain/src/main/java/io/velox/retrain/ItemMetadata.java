package io.velox.retrain;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.item.Metadata;
import io.velox.core.item.RegressionFit;
import io.velox.core.item.TrainedItem;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Identifiers;
import io.velox.core.model.Prior;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What is known of the items of a catalogue apart from their ratings. Immutable; in memory on the driver.
 *
 * <p>Its file is gzip NDJSON, a line for each item: {@code {"item":"7","metadata":{"genre":["Comedy"],"year":["1999"]}}}; of two lines
 * of one item the later counts.
 */
record ItemMetadata(Map<String, Metadata> items) {
    ItemMetadata {
        items = Map.copyOf(items);
    }

    /** A line of the file. */
    record Line(String item, Metadata metadata) {
        Line {
            Identifiers.checkId("item", item);
            if (metadata == null) {
                throw new IllegalArgumentException("metadata of '" + item + "' must not be absent");
            }
        }
    }

    /**
     * Reads a file.
     *
     * @throws VeloxException {@code INVALID_REQUEST} if there is none, or it is no such file; {@code STORE_UNAVAILABLE}
     */
    static ItemMetadata read(FileSystem files, Path path) {
        Map<String, Metadata> items = new HashMap<>();
        try (InputStream in = files.open(path);
                InputStream plain = new GZIPInputStream(in);
                MappingIterator<Line> lines =
                        RecordCodec.mapper().readerFor(Line.class).readValues(plain)) {
            while (lines.hasNextValue()) {
                Line line = lines.nextValue();
                items.put(line.item(), line.metadata());
            }
        } catch (FileNotFoundException e) {
            throw invalid(path, "it does not exist", e, items.size());
        } catch (JacksonException | ZipException | EOFException e) {
            throw invalid(path, e.toString(), e, items.size());
        } catch (IOException e) {
            throw new VeloxException(
                    ErrorCode.STORE_UNAVAILABLE, "the items' metadata in " + path + " cannot be read: " + e, e);
        }
        return new ItemMetadata(items);
    }

    private static VeloxException invalid(Path path, String why, IOException cause, int items) {
        return new VeloxException(
                ErrorCode.INVALID_REQUEST,
                "--item-metadata " + path + " cannot be read after " + items + " items: " + why,
                cause);
    }

    /**
     * The regression of what a training made of the items on what is known of them; empty where it made too few of those.
     *
     * @param seed of the choice of the items that judge it
     */
    Optional<RegressionFit> fit(RatingsReader.Ratings ratings, Trained trained, long seed) {
        ItemTable table = trained.served().items().value();
        ItemDictionary dictionary = ratings.dictionary();
        int[] counts = counts(ratings);
        List<TrainedItem> known = new ArrayList<>();
        for (int item = 0; item < dictionary.size(); item++) {
            Metadata metadata = items.get(dictionary.id(item));
            if (metadata != null && table.has(item) && counts[item] > 0) {
                known.add(new TrainedItem(metadata, vector(table.features(item)), counts[item]));
            }
        }
        Prior users = trained.state().map(state -> state.parameters().users()).orElseGet(() -> trained.served()
                .prior());
        return RegressionFit.of(known, users, seed);
    }

    /** {@code [factor, offset]}. */
    private static double[] vector(FeatureVector features) {
        double[] vector = features.values().clone();
        vector[vector.length - 1] = features.offset();
        return vector;
    }

    /** Ratings by item. */
    private static int[] counts(RatingsReader.Ratings ratings) {
        int size = ratings.dictionary().size();
        return ratings.users()
                .mapPartitions(users -> List.of(counts(users, size)).iterator())
                .reduce(ItemMetadata::sum);
    }

    private static int[] counts(Iterator<UserRatings> users, int size) {
        int[] counts = new int[size];
        users.forEachRemaining(user -> {
            for (int item : user.items()) {
                counts[item]++;
            }
        });
        return counts;
    }

    private static int[] sum(int[] counts, int[] others) {
        int[] sum = counts.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += others[i];
        }
        return sum;
    }
}
