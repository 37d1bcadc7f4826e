package io.velox.core.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.BytesWritable;
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
    private FactorFile() {}

    /** Receives the rows of a part. */
    @FunctionalInterface
    public interface RowConsumer {
        /** One row; {@code features} is the receiver's to keep. */
        void row(String id, float[] features, float offset, float noise);
    }

    /** Writes a part; ids must come in ascending order of their UTF-8 bytes. Single writer. */
    public static final class Writer implements Closeable {
        private final MapFile.Writer out;

        Writer(Configuration hadoop, Path folder) throws IOException {
            this.out = new MapFile.Writer(
                    hadoop,
                    folder,
                    MapFile.Writer.keyClass(Text.class),
                    MapFile.Writer.valueClass(BytesWritable.class),
                    MapFile.Writer.compression(SequenceFile.CompressionType.NONE));
        }

        public void add(String id, float[] features, float offset, float noise) throws IOException {
            ByteBuffer row = ByteBuffer.allocate(4 * (features.length + 2))
                    .putFloat(offset)
                    .putFloat(noise);
            for (float feature : features) {
                row.putFloat(feature);
            }
            out.append(new Text(id), new BytesWritable(row.array()));
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    static void read(Configuration hadoop, Path dataFile, RowConsumer consumer) throws IOException {
        Text id = new Text();
        BytesWritable value = new BytesWritable();
        try (SequenceFile.Reader in = new SequenceFile.Reader(hadoop, SequenceFile.Reader.file(dataFile))) {
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
