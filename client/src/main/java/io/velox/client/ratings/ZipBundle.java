package io.velox.client.ratings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The inside of a zip file; sizes and checksums are compared with its directory while it is read. */
record ZipBundle(ZipFile zip, List<String> names) implements Bundle {
    static ZipBundle of(Path path) throws IOException {
        try {
            ZipFile zip = new ZipFile(path.toFile());
            return new ZipBundle(
                    zip,
                    zip.stream()
                            .filter(entry ->
                                    !entry.isDirectory() && !entry.getName().startsWith("__MACOSX/"))
                            .map(ZipEntry::getName)
                            .sorted()
                            .toList());
        } catch (ZipException e) {
            throw new RatingFileException(
                    path + " is no whole zip file (" + e.getMessage() + "): with its " + Files.size(path)
                            + " bytes it was cut short, or it is damaged; fetch it again",
                    e);
        }
    }

    @Override
    public long size(String name) throws IOException {
        return entry(name).getSize();
    }

    @Override
    public InputStream open(String name) throws IOException {
        ZipEntry entry = entry(name);
        try {
            return WholeStream.ofEntry(zip.getInputStream(entry), zip.getName(), entry);
        } catch (ZipException e) {
            throw new RatingFileException(
                    name + " in " + zip.getName() + " is damaged (" + e.getMessage() + "); fetch it again", e);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private ZipEntry entry(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new RatingFileException("there is no " + name + " in " + zip.getName());
        }
        return entry;
    }
}
