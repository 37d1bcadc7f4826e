package io.velox.core.store;

import io.velox.core.model.FactorRow;
import io.velox.core.model.ModelVersion;
import java.io.Closeable;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.hadoop.io.Text;
import org.jspecify.annotations.Nullable;

/**
 * The item features of a version that stay in the store: any few rows are found without reading the rest. In memory are the ids that
 * begin the blocks of rows, one for each 128 items.
 *
 * <p>Ids ascend by their UTF-8 bytes within a part and from part to part; that, the length of every row and that all are finite is
 * checked when the table is opened. Safe for use from any thread; every method blocks.
 */
public final class StoredTable implements Closeable {
    /** Of consecutive blocks that are read at once by {@link #scan}. */
    private static final int SCAN_BYTES = 1 << 20;

    /** A block of a part. */
    private record Block(StoredPart part, int number) {
        Text firstId() {
            return part.firstId(number);
        }
    }

    private final ModelVersion version;
    private final int dimension;
    private final List<StoredPart> parts;
    private final List<Block> blocks;
    private final long size;

    private StoredTable(ModelVersion version, int dimension, List<StoredPart> parts) {
        this.version = version;
        this.dimension = dimension;
        this.parts = parts;
        this.blocks = parts.stream()
                .flatMap(part -> IntStream.range(0, part.blocks()).mapToObj(i -> new Block(part, i)))
                .toList();
        this.size = count();
    }

    /** Checks that the parts are a table, whatever their order is. */
    static StoredTable open(ModelVersion version, int dimension, List<StoredPart> parts) {
        return new StoredTable(
                version,
                dimension,
                parts.stream()
                        .filter(part -> part.blocks() > 0)
                        .sorted(Comparator.comparing(part -> part.firstId(0)))
                        .toList());
    }

    /** Reads every row, to count them and to see that they are in order. */
    private long count() {
        Ascending ids = new Ascending();
        for (Block block : blocks) {
            long before = ids.count;
            block.part.read(block.number, (id, features, offset, noise) -> {
                check(id, features, offset, noise);
                ids.next(new Text(id), ids.count == before ? block.firstId() : null);
            });
            if (ids.count == before) {
                throw ModelStore.corrupt(block.part.name() + " has an empty block", null);
            }
        }
        if (ids.count == 0) {
            throw ModelStore.corrupt(version + " has no items", null);
        }
        return ids.count;
    }

    /** Ids as they come. Single writer. */
    private final class Ascending {
        private @Nullable Text previous;
        private long count;

        /** @param wanted the id that it must be, by the index */
        void next(Text id, @Nullable Text wanted) {
            if (wanted != null && !wanted.equals(id)) {
                throw ModelStore.corrupt(version + " has '" + id + "' where the index has '" + wanted + "'", null);
            }
            if (previous != null && id.compareTo(previous) <= 0) {
                throw ModelStore.corrupt(
                        version
                                + (id.equals(previous)
                                        ? " has item '" + id + "' twice"
                                        : " has item '" + id + "' after '" + previous
                                                + "', but ids must ascend by their UTF-8 bytes"),
                        null);
            }
            previous = id;
            count++;
        }
    }

    public int dimension() {
        return dimension;
    }

    /** How many items there are. */
    public long size() {
        return size;
    }

    /**
     * The rows of some items; what the table does not have is not in the answer.
     *
     * @throws io.velox.core.error.VeloxException {@code STORE_UNAVAILABLE}; {@code CORRUPT_MODEL} if a file is not what it was when the
     *     table was opened
     */
    public Map<String, FactorRow> find(Collection<String> items) {
        Map<Integer, Set<String>> byBlock = new TreeMap<>();
        for (String item : items) {
            int block = block(new Text(item));
            if (block >= 0) {
                byBlock.computeIfAbsent(block, b -> new HashSet<>()).add(item);
            }
        }
        Map<String, FactorRow> found = new HashMap<>();
        byBlock.forEach((number, wanted) -> {
            Block block = blocks.get(number);
            block.part.read(block.number, (id, features, offset, noise) -> {
                if (wanted.contains(id)) {
                    check(id, features, offset, noise);
                    found.put(id, new FactorRow(features, offset, noise));
                }
            });
        });
        return found;
    }

    /** The last block whose first id is not after the given one; -1 if there is none. */
    private int block(Text id) {
        int low = 0;
        int high = blocks.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (blocks.get(middle).firstId().compareTo(id) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /**
     * Streams all rows, in ascending order of the ids' UTF-8 bytes; fails as {@link #find} does.
     *
     * @param isWanted asked now and then; the stream ends when it is not
     */
    public void scan(BooleanSupplier isWanted, FactorFile.RowConsumer consumer) {
        for (StoredPart part : parts) {
            int from = 0;
            while (from < part.blocks()) {
                if (!isWanted.getAsBoolean()) {
                    return;
                }
                int to = from;
                long bytes = 0;
                while (to < part.blocks() && bytes < SCAN_BYTES) {
                    bytes += part.length(to);
                    to++;
                }
                part.read(from, to, consumer);
                from = to;
            }
        }
    }

    private void check(String id, float[] features, float offset, float noise) {
        if (features.length != dimension) {
            throw ModelStore.corrupt(
                    version + ": features of '" + id + "' must have length " + dimension + ", but have "
                            + features.length,
                    null);
        }
        try {
            FactorFile.checkFinite(id, features, offset, noise);
        } catch (IllegalArgumentException e) {
            throw ModelStore.corrupt(version + ": " + e.getMessage(), e);
        }
    }

    /** Gives the files back; who still reads can finish. */
    @Override
    public void close() {
        parts.forEach(StoredPart::close);
    }
}
