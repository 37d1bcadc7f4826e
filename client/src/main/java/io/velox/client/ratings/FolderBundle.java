package io.velox.client.ratings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of a folder and those some folders deep inside. */
record FolderBundle(Path folder, List<String> names) implements Bundle {
    private static final int FOLDERS_DEEP = 3;

    static FolderBundle of(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, FOLDERS_DEEP)) {
            return new FolderBundle(
                    folder,
                    files.filter(Files::isRegularFile)
                            .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                            .sorted()
                            .toList());
        }
    }

    @Override
    public long size(String name) throws IOException {
        return Files.size(folder.resolve(name));
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(folder.resolve(name));
    }

    @Override
    public void close() {}
}
