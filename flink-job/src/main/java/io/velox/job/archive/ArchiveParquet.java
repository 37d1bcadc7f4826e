package io.velox.job.archive;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.store.ArchiveFile;
import io.velox.job.log.LogRecord;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;

/** Log records as rows of {@link ArchiveFile#SCHEMA}. */
final class ArchiveParquet extends WriteSupport<LogRecord> {
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType(ArchiveFile.SCHEMA);
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private @Nullable RecordConsumer consumer;

    /** Whether the archive has rows of such a record. */
    static boolean keeps(LogRecord record) {
        return record.isDecoded()
                && !(record.decoded() instanceof UserRecord.Rebased)
                && !(record.decoded() instanceof UserRecord.Erased);
    }

    static ParquetWriter<LogRecord> writer(FileSystem files, Path path) throws IOException {
        return new Builder(new StoreOutputFile(files, path))
                .withConf(files.getConf())
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .withRowGroupSize(ROW_GROUP_BYTES)
                // Dictionaries of values that hardly repeat within a file cost more than all else here, and are given
                // up in the end.
                .withDictionaryEncoding("offset", false)
                .withDictionaryEncoding("timestamp", false)
                .withDictionaryEncoding("uid", false)
                .withDictionaryEncoding("item", false)
                .withDictionaryEncoding("id", false)
                .withDictionaryEncoding("impression", false)
                .build();
    }

    @Override
    @SuppressWarnings("deprecation") // its successor is not abstract, and calls it
    public WriteContext init(Configuration configuration) {
        return new WriteContext(SCHEMA, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        consumer = recordConsumer;
    }

    @Override
    public void write(LogRecord record) {
        Row row = new Row(Objects.requireNonNull(consumer, "prepareForWrite comes first"));
        row.out().startMessage();
        row.add("epoch", record.position().epoch());
        row.add("partition", record.position().partition());
        row.add("offset", record.position().offset());
        UserRecord content = record.decoded();
        if (content instanceof UserRecord.Observed o) {
            row.add("type", "observed");
            row.add("uid", o.uid());
            row.add("item", json(o.item()));
            row.add("label", o.label());
            row.add("timestamp", o.timestamp());
            row.add("id", o.id());
            row.add("impression", o.impression());
        } else if (content instanceof UserRecord.Withdrawn w) {
            row.add("type", "withdrawn");
            row.add("uid", w.uid());
            row.add("item", json(w.item()));
        } else if (content instanceof UserRecord.Forgotten f) {
            row.add("type", "forgotten");
            row.add("uid", f.uid());
        } else {
            throw new IllegalArgumentException(
                    "the archive keeps no " + content.getClass().getSimpleName());
        }
        row.out().endMessage();
    }

    private static String json(Item item) {
        if (!item.isId()) {
            return item.text();
        }
        StringBuilder json = new StringBuilder(item.text().length() + 2).append('"');
        JsonStringEncoder.getInstance().quoteAsString(item.text(), json);
        return json.append('"').toString();
    }

    /** One row on its way to Parquet: each field by name, absent ones left out. */
    private record Row(RecordConsumer out) {
        void add(String field, int value) {
            start(field);
            out.addInteger(value);
            end(field);
        }

        void add(String field, long value) {
            start(field);
            out.addLong(value);
            end(field);
        }

        void add(String field, double value) {
            start(field);
            out.addDouble(value);
            end(field);
        }

        void add(String field, @Nullable String value) {
            if (value != null) {
                start(field);
                out.addBinary(Binary.fromString(value));
                end(field);
            }
        }

        private void start(String field) {
            out.startField(field, SCHEMA.getFieldIndex(field));
        }

        private void end(String field) {
            out.endField(field, SCHEMA.getFieldIndex(field));
        }
    }

    private static final class Builder extends ParquetWriter.Builder<LogRecord, Builder> {
        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // as above
        protected WriteSupport<LogRecord> getWriteSupport(Configuration configuration) {
            return new ArchiveParquet();
        }
    }
}
