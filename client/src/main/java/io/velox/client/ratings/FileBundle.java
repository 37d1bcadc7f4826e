package io.velox.client.ratings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One file alone. */
record FileBundle(Path file) implements Bundle {
    @Override
    public List<String> names() {
        return List.of(file.toAbsolutePath().getFileName().toString());
    }

    @Override
    public long size(String name) throws IOException {
        return Files.size(file);
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(file);
    }

    @Override
    public void close() {}
}
