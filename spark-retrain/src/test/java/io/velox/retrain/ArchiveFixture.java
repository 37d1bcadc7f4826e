package io.velox.retrain;

import io.velox.core.log.LogCut;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.store.ArchiveFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** A log in memory, and the archive that the job would make of it. */
final class ArchiveFixture {
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType(ArchiveFile.SCHEMA);
    private static final int EPOCH = 0;

    private final List<List<UserRecord>> partitions = new ArrayList<>();

    ArchiveFixture(int partitions) {
        for (int p = 0; p < partitions; p++) {
            this.partitions.add(new ArrayList<>());
        }
    }

    ArchiveFixture add(UserRecord entry) {
        partitions.get(Math.floorMod(entry.uid().hashCode(), partitions.size())).add(entry);
        return this;
    }

    ArchiveFixture rate(String uid, String item, double label) {
        return add(new UserRecord.Observed(uid, Item.ofId(item), label, 0, null, null));
    }

    LogCut cut() {
        Map<Integer, Long> ends = new HashMap<>();
        for (int p = 0; p < partitions.size(); p++) {
            ends.put(p, (long) partitions.get(p).size());
        }
        return new LogCut(EPOCH, ends);
    }

    /** One file per partition. */
    void writeTo(Path store) throws IOException {
        for (int p = 0; p < partitions.size(); p++) {
            if (!partitions.get(p).isEmpty()) {
                write(store, p, 0, partitions.get(p).size(), LocalDate.of(2025, 1, 1));
            }
        }
    }

    /** Files of random length on random days, some records in two of them. */
    void writeScattered(Path store, Random random) throws IOException {
        for (int p = 0; p < partitions.size(); p++) {
            int size = partitions.get(p).size();
            for (int first = 0; first < size; ) {
                int end = Math.min(size, first + 1 + random.nextInt(Math.max(1, size / 3)));
                write(store, p, first, end, LocalDate.of(2025, 1, 1 + random.nextInt(28)));
                first = end == size ? size : Math.max(first + 1, end - random.nextInt(5));
            }
        }
    }

    void write(Path store, int partition, int first, int end, LocalDate date) throws IOException {
        ArchiveFile file = new ArchiveFile(date, EPOCH, partition, first, end - 1L);
        Path path = store.resolve(file.address());
        try (ParquetWriter<Group> out = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(path.toUri()))
                .withType(SCHEMA)
                .withConf(new Configuration())
                .build()) {
            for (int offset = first; offset < end; offset++) {
                Group row = row(partition, offset, partitions.get(partition).get(offset));
                if (row != null) {
                    out.write(row);
                }
            }
        }
    }

    private static Group row(int partition, long offset, UserRecord entry) {
        Group row = new SimpleGroupFactory(SCHEMA)
                .newGroup()
                .append("epoch", EPOCH)
                .append("partition", partition)
                .append("offset", offset);
        if (entry instanceof UserRecord.Observed observed) {
            row.append("type", "observed")
                    .append("uid", observed.uid())
                    .append("item", json(observed.item()))
                    .append("label", observed.label())
                    .append("timestamp", observed.timestamp());
            if (observed.id() != null) {
                row.append("id", observed.id());
            }
            return row;
        }
        if (entry instanceof UserRecord.Withdrawn withdrawn) {
            return row.append("type", "withdrawn")
                    .append("uid", withdrawn.uid())
                    .append("item", json(withdrawn.item()));
        }
        if (entry instanceof UserRecord.Forgotten) {
            return row.append("type", "forgotten").append("uid", entry.uid());
        }
        return null;
    }

    private static String json(Item item) {
        return new String(RecordCodec.write(item), StandardCharsets.UTF_8);
    }
}
