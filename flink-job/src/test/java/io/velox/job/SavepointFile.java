package io.velox.job;

import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.ModelStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A savepoint kept as a test resource: {@code savepoints/schema-N.zip}, with the savepoint under {@code savepoint}, the store that it
 * was written beside under {@code store}, and what it must contain in {@code expected.json}. Unpacked, it may lie anywhere.
 *
 * @param folder where it is unpacked
 */
record SavepointFile(Path folder) {
    private static final String EXPECTED = "expected.json";

    /** All that the repository keeps, in ascending order of their names. */
    static List<Path> all() throws IOException, URISyntaxException {
        URI savepoints = SavepointFile.class.getResource("/savepoints").toURI();
        try (Stream<Path> files = Files.list(Path.of(savepoints))) {
            return files.filter(file -> file.toString().endsWith(".zip"))
                    .sorted()
                    .toList();
        }
    }

    /** Unpacks {@code zip} into {@code folder}. */
    static SavepointFile unpack(Path zip, Path folder) throws IOException {
        try (FileSystem packed = FileSystems.newFileSystem(zip)) {
            Path root = packed.getPath("/");
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path target = folder.resolve(root.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
        return new SavepointFile(folder);
    }

    /** Packs everything in the folder, in the order of names and with one time for all, so that the same content is the same file. */
    void pack(Path zip) throws IOException {
        Files.createDirectories(zip.getParent());
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream packed = new ZipOutputStream(out);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                ZipEntry entry = new ZipEntry(folder.relativize(file).toString());
                entry.setTime(0);
                packed.putNextEntry(entry);
                Files.copy(file, packed);
            }
        }
    }

    Path store() {
        return folder.resolve("store");
    }

    Path savepoint() {
        return folder.resolve("savepoint");
    }

    void write(SavedState expected) throws IOException {
        Files.write(
                folder.resolve(EXPECTED),
                RecordCodec.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(expected));
    }

    SavedState expected() throws IOException {
        return RecordCodec.read(Files.readAllBytes(folder.resolve(EXPECTED)), SavedState.class);
    }

    /** The versions that were loaded. */
    List<VeloxModel> models() {
        try (ModelStore opened = ModelStore.open(store().toUri(), Map.of())) {
            return Stream.of(new ModelVersion("als", 1), new ModelVersion("linear", 1))
                    .map(id -> opened.open(opened.readManifest(ModelStore.manifestAddress(id))))
                    .toList();
        }
    }
}
