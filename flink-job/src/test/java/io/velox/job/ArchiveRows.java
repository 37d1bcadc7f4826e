package io.velox.job;

import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** What readers see of the archive. */
public final class ArchiveRows {
    private ArchiveRows() {}

    public static List<ArchiveFile> files(ModelStore store) throws IOException {
        List<ArchiveFile> files = new ArrayList<>();
        try {
            for (FileStatus date : store.fileSystem().listStatus(new Path(store.root(), ArchiveFile.FOLDER))) {
                for (FileStatus file : store.fileSystem().listStatus(date.getPath())) {
                    ArchiveFile.parse(date.getPath().getName(), file.getPath().getName())
                            .ifPresent(files::add);
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return files;
    }

    public static List<Group> read(ModelStore store) throws IOException {
        List<Group> rows = new ArrayList<>();
        for (ArchiveFile file : files(store)) {
            rows.addAll(read(store, file));
        }
        return rows;
    }

    public static List<Group> read(ModelStore store, ArchiveFile file) throws IOException {
        List<Group> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = ParquetReader.builder(
                        new GroupReadSupport(), new Path(store.root(), file.address()))
                .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
