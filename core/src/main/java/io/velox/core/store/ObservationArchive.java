package io.velox.core.store;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The archive of observations in a store, by the names of its files. Every method blocks. */
public final class ObservationArchive {
    private final FileSystem files;
    private final Path root;

    public ObservationArchive(ModelStore store) {
        this(store.fileSystem(), store.root());
    }

    /** @param root of the store */
    public ObservationArchive(FileSystem files, Path root) {
        this.files = files;
        this.root = root;
    }

    /**
     * The files that hold the archive now; those that they stand in for are left out.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public List<ArchiveFile> current() {
        return ArchiveFile.current(listed().stream().map(Listed::file).toList());
    }

    public Path path(ArchiveFile file) {
        return new Path(root, file.address());
    }

    /** The end of the newest file of a partition that ends before {@code offset}, among those of {@code date} or earlier. */
    public Optional<Long> endBefore(LocalDate date, int epoch, int partition, long offset) throws IOException {
        List<Path> folders = folders().stream()
                .filter(folder -> !LocalDate.parse(folder.getName()).isAfter(date))
                .sorted(Comparator.comparing(Path::getName).reversed())
                .toList();
        for (Path folder : folders) {
            Optional<Long> end = list(folder).stream()
                    .map(Listed::file)
                    .filter(file -> file.epoch() == epoch && file.partition() == partition && file.last() < offset)
                    .map(file -> file.last() + 1)
                    .max(Comparator.naturalOrder());
            if (end.isPresent()) {
                return end;
            }
        }
        return Optional.empty();
    }

    /** Whether the file has been here: as it is, or in another that stands in for it. */
    public boolean holds(ArchiveFile file) throws IOException {
        if (files.exists(path(file))) {
            return true;
        }
        try {
            return list(path(file).getParent()).stream()
                    .anyMatch(other -> other.file().supersedes(file));
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    /**
     * Deletes the files that others have stood in for since before an instant: whoever began to read them then is done.
     *
     * @return how many
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public int deleteSuperseded(Instant before) {
        List<Listed> listed = listed();
        List<Listed> settled = listed.stream()
                .filter(file -> file.file().generation() > 0 && file.modified().isBefore(before))
                .toList();
        int deleted = 0;
        try {
            for (Listed old : listed) {
                boolean isSuperseded =
                        settled.stream().anyMatch(other -> other.file().supersedes(old.file()));
                if (isSuperseded && files.delete(path(old.file()), false)) {
                    deleted++;
                }
            }
        } catch (IOException e) {
            throw unavailable(e);
        }
        return deleted;
    }

    private record Listed(ArchiveFile file, Instant modified) {}

    private List<Listed> listed() {
        try {
            List<Listed> found = new ArrayList<>();
            for (Path folder : folders()) {
                found.addAll(list(folder));
            }
            return found;
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    private List<Path> folders() throws IOException {
        List<Path> folders = new ArrayList<>();
        try {
            for (FileStatus folder : files.listStatus(new Path(root, ArchiveFile.FOLDER))) {
                if (isDate(folder.getPath().getName())) {
                    folders.add(folder.getPath());
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return folders;
    }

    private static boolean isDate(String name) {
        try {
            return LocalDate.parse(name).toString().equals(name);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private List<Listed> list(Path folder) throws IOException {
        List<Listed> found = new ArrayList<>();
        for (FileStatus file : files.listStatus(folder)) {
            Instant modified = Instant.ofEpochMilli(file.getModificationTime());
            ArchiveFile.parse(folder.getName(), file.getPath().getName())
                    .ifPresent(archived -> found.add(new Listed(archived, modified)));
        }
        return found;
    }

    private VeloxException unavailable(IOException e) {
        return new VeloxException(ErrorCode.STORE_UNAVAILABLE, "the archive in " + root + " cannot be read: " + e, e);
    }
}
