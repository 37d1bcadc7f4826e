package io.velox.core.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.MapFile;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;

/**
 * One part of a table of named {@code float} vectors: a Hadoop {@link MapFile}, which is read whole as a stream, or one key at a time
 * through its index.
 *
 * <p>The key is the item's (or user's) id; the value is offset, noise and the d features as big-endian floats.
 */
public final class FactorFile {
    static final String DATA = "/" + MapFile.DATA_FILE_NAME;
    static final String INDEX = "/" + MapFile.INDEX_FILE_NAME;

    private FactorFile() {}

    /** Receives the rows of a part. */
    @FunctionalInterface
    public interface RowConsumer {
        /** One row; {@code features} is the receiver's to keep. */
        void row(String id, float[] features, float offset, float noise);
    }

    /**
     * Writes a part; ids must come in ascending order of their UTF-8 bytes, each once. Single writer.
     *
     * <p>Not a {@link MapFile.Writer}, because that takes a file system from Hadoop's cache, configured by whoever came first.
     */
    public static final class Writer implements Closeable {
        /** As in {@link MapFile}: one index entry for so many rows. */
        private static final int INDEX_INTERVAL = 128;

        private final FSDataOutputStream dataFile;
        private final FSDataOutputStream indexFile;
        private final SequenceFile.Writer data;
        private final SequenceFile.Writer index;
        private final Text previous = new Text();
        private long rows;

        Writer(FileSystem files, Path folder) throws IOException {
            this.dataFile = files.create(new Path(folder, MapFile.DATA_FILE_NAME), false);
            this.indexFile = files.create(new Path(folder, MapFile.INDEX_FILE_NAME), false);
            this.data = writer(files, dataFile, BytesWritable.class);
            this.index = writer(files, indexFile, LongWritable.class);
        }

        private static SequenceFile.Writer writer(FileSystem files, FSDataOutputStream file, Class<?> values)
                throws IOException {
            return SequenceFile.createWriter(
                    files.getConf(),
                    SequenceFile.Writer.stream(file),
                    SequenceFile.Writer.keyClass(Text.class),
                    SequenceFile.Writer.valueClass(values),
                    SequenceFile.Writer.compression(SequenceFile.CompressionType.NONE));
        }

        /**
         * Adds a row.
         *
         * @param features finite, as are offset and noise; the noise is not negative
         * @throws IllegalArgumentException if that is not so, or if the id does not come after the one before
         */
        public void add(String id, float[] features, float offset, float noise) throws IOException {
            Text key = new Text(id);
            if (rows > 0 && key.compareTo(previous) <= 0) {
                throw new IllegalArgumentException("id '" + id + "' must come after '" + previous
                        + "': ids ascend by their UTF-8 bytes, each once");
            }
            checkFinite(id, features, offset, noise);
            ByteBuffer row = ByteBuffer.allocate(4 * (features.length + 2))
                    .putFloat(offset)
                    .putFloat(noise);
            for (float feature : features) {
                row.putFloat(feature);
            }
            if (rows % INDEX_INTERVAL == 0) {
                index.append(key, new LongWritable(data.getLength()));
            }
            data.append(key, new BytesWritable(row.array()));
            previous.set(key);
            rows++;
        }

        @Override
        public void close() throws IOException {
            try (dataFile;
                    indexFile) {
                data.close();
                index.close();
            }
        }
    }

    static void checkFinite(String id, float[] features, float offset, float noise) {
        boolean isFinite = Float.isFinite(offset) && Float.isFinite(noise) && noise >= 0;
        for (float feature : features) {
            isFinite &= Float.isFinite(feature);
        }
        if (!isFinite) {
            throw new IllegalArgumentException(
                    "row '" + id + "' must be finite, and its noise not negative, but has offset " + offset + ", noise "
                            + noise + " and features " + Arrays.toString(features));
        }
    }

    /** An entry of a part's index: the id of a row, and the position in the data where its record begins. */
    record IndexEntry(Text id, long position) {}

    /** Reads a part's index out of memory; an {@link IOException} means that it is none. */
    static List<IndexEntry> readIndex(FileSystem files, byte[] index) throws IOException {
        List<IndexEntry> entries = new ArrayList<>();
        Text id = new Text();
        LongWritable position = new LongWritable();
        try (SequenceFile.Reader in = reader(files, index)) {
            while (in.next(id, position)) {
                entries.add(new IndexEntry(new Text(id), position.get()));
            }
        }
        return entries;
    }

    private static SequenceFile.Reader reader(FileSystem files, byte[] content) throws IOException {
        return new SequenceFile.Reader(
                files.getConf(),
                SequenceFile.Reader.stream(new FSDataInputStream(new InMemoryFile(content))),
                SequenceFile.Reader.length(content.length));
    }

    /**
     * Reads a part's data out of memory; an {@link IOException} means that it is none.
     *
     * @param data the whole part, or its header with any rows that follow one another in it
     */
    static void read(FileSystem files, byte[] data, RowConsumer consumer) throws IOException {
        Text id = new Text();
        BytesWritable value = new BytesWritable();
        try (SequenceFile.Reader in = reader(files, data)) {
            while (in.next(id, value)) {
                if (value.getLength() % 4 != 0 || value.getLength() < 12) {
                    throw new IOException("row '" + id + "' has " + value.getLength() + " bytes, which is no vector");
                }
                ByteBuffer row = ByteBuffer.wrap(value.getBytes(), 0, value.getLength());
                float offset = row.getFloat();
                float noise = row.getFloat();
                float[] features = new float[row.remaining() / 4];
                row.asFloatBuffer().get(features);
                consumer.row(id.toString(), features, offset, noise);
            }
        }
    }
}
