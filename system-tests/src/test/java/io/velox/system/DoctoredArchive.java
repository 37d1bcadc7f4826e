package io.velox.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;

/** Spoils the archive of a running system: every file keeps its name and its rows, but their labels are dealt out anew among all. */
final class DoctoredArchive {
    private static final String LABEL = "label";

    private DoctoredArchive() {}

    /**
     * Shuffles the labels.
     *
     * @param store the folder of the store
     * @return of how many observations
     */
    static int shuffleLabels(Path store, Random random) throws IOException {
        Map<Path, List<Group>> files = new LinkedHashMap<>();
        List<Double> labels = new ArrayList<>();
        for (Path file : files(store)) {
            List<Group> rows = read(file);
            rows.stream().filter(DoctoredArchive::hasLabel).forEach(row -> labels.add(row.getDouble(LABEL, 0)));
            files.put(file, rows);
        }
        Collections.shuffle(labels, random);
        Deque<Double> dealt = new ArrayDeque<>(labels);
        for (Map.Entry<Path, List<Group>> file : files.entrySet()) {
            write(
                    file.getKey(),
                    file.getValue().stream()
                            .map(row -> hasLabel(row) ? relabelled(row, dealt.remove()) : row)
                            .toList());
        }
        return labels.size();
    }

    private static List<Path> files(Path store) throws IOException {
        try (Stream<Path> found = Files.walk(store.resolve("observations"))) {
            return found.filter(file -> file.getFileName().toString().matches("\\d.*\\.parquet"))
                    .sorted()
                    .toList();
        }
    }

    private static boolean hasLabel(Group row) {
        return row.getFieldRepetitionCount(LABEL) > 0;
    }

    private static Group relabelled(Group row, double label) {
        GroupType schema = row.getType();
        SimpleGroup copy = new SimpleGroup(schema);
        for (int field = 0; field < schema.getFieldCount(); field++) {
            if (row.getFieldRepetitionCount(field) == 0) {
                continue;
            }
            if (schema.getFieldName(field).equals(LABEL)) {
                copy.add(field, label);
                continue;
            }
            switch (schema.getType(field).asPrimitiveType().getPrimitiveTypeName()) {
                case INT32 -> copy.add(field, row.getInteger(field, 0));
                case INT64 -> copy.add(field, row.getLong(field, 0));
                case DOUBLE -> copy.add(field, row.getDouble(field, 0));
                case BINARY -> copy.add(field, row.getBinary(field, 0));
                default -> throw new IllegalArgumentException("a new type of column: " + schema.getType(field));
            }
        }
        return copy;
    }

    private static List<Group> read(Path file) throws IOException {
        List<Group> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = ParquetReader.builder(
                        new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
                .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static void write(Path file, List<Group> rows) throws IOException {
        if (rows.isEmpty()) {
            return;
        }
        Path hidden = file.resolveSibling(".doctored");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(hidden))
                .withType((MessageType) rows.get(0).getType())
                .build()) {
            for (Group row : rows) {
                writer.write(row);
            }
        }
        Files.move(hidden, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
