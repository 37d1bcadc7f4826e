package io.velox.retrain;

import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Row;

/** Writes one file of the archive from a Spark task, under a hidden name that readers pass over. */
final class ArchiveFileWriter implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long ROW_GROUP_BYTES = 16L << 20;

    /** As the job's hidden files begin, which deletes what a crash has left of them. */
    private static final String HIDDEN = ".writing-compact-";

    private static final int EPOCH = 0;
    private static final int PARTITION = 1;
    private static final int OFFSET = 2;

    private final String root;
    private final HashMap<String, String> hadoop;
    private final String folder;
    private final long[] leftOut;

    /**
     * A writer of one file.
     *
     * @param folder of the file, relative to the store's root
     * @param leftOut offsets of the rows that are not written, ascending; the writer's to keep
     */
    ArchiveFileWriter(URI root, Map<String, String> hadoop, String folder, long[] leftOut) {
        this.root = root.toString();
        this.hadoop = new HashMap<>(hadoop);
        this.folder = folder;
        this.leftOut = leftOut;
    }

    /**
     * Writes rows of {@link ArchiveRows#COLUMNS}, which come in the order of their offsets; an offset that comes twice, once.
     *
     * @return the hidden file's name in the folder
     */
    String write(Iterator<Row> rows) throws IOException {
        ModelStore store = ModelStore.open(URI.create(root), hadoop);
        try {
            String name = HIDDEN + UUID.randomUUID();
            Path path = new Path(new Path(store.root(), folder), name);
            MessageType schema = MessageTypeParser.parseMessageType(ArchiveFile.SCHEMA);
            SimpleGroupFactory groups = new SimpleGroupFactory(schema);
            try (ParquetWriter<Group> out = ExampleParquetWriter.builder(new StoreOutputFile(store.fileSystem(), path))
                    .withType(schema)
                    .withConf(store.fileSystem().getConf())
                    .withCompressionCodec(CompressionCodecName.SNAPPY)
                    .withRowGroupSize(ROW_GROUP_BYTES)
                    .build()) {
                long previous = -1;
                while (rows.hasNext()) {
                    Row row = rows.next();
                    long offset = row.getLong(OFFSET);
                    if (offset != previous && Arrays.binarySearch(leftOut, offset) < 0) {
                        out.write(group(groups, row));
                    }
                    previous = offset;
                }
            }
            return name;
        } finally {
            store.fileSystem().close();
        }
    }

    private static Group group(SimpleGroupFactory groups, Row row) {
        Group group = groups.newGroup()
                .append("epoch", row.getInt(EPOCH))
                .append("partition", row.getInt(PARTITION))
                .append("offset", row.getLong(OFFSET));
        for (String text : new String[] {"type", "uid", "item", "id", "impression"}) {
            int column = row.fieldIndex(text);
            if (!row.isNullAt(column)) {
                group.append(text, row.getString(column));
            }
        }
        int label = row.fieldIndex("label");
        if (!row.isNullAt(label)) {
            group.append("label", row.getDouble(label));
        }
        int timestamp = row.fieldIndex("timestamp");
        if (!row.isNullAt(timestamp)) {
            group.append("timestamp", row.getLong(timestamp));
        }
        return group;
    }
}
