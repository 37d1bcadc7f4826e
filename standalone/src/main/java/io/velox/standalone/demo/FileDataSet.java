package io.velox.standalone.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A data set in a zip file as its authors publish it, or in a folder with the same files. The layout is told from the contents.
 *
 * <p>Files sorted by user are streamed; others are held in memory while they are read.
 */
final class FileDataSet implements DataSet {
    private static final int FOLDERS_DEEP = 3;

    private final String name;
    private final Path path;
    private final RatingLayout layout;
    private final String sha256;
    private final Map<String, String> titles;
    private final boolean sortedByUser;

    private FileDataSet(
            String name,
            Path path,
            RatingLayout layout,
            String sha256,
            Map<String, String> titles,
            boolean sortedByUser) {
        this.name = name;
        this.path = path;
        this.layout = layout;
        this.sha256 = sha256;
        this.titles = titles;
        this.sortedByUser = sortedByUser;
    }

    /**
     * Opens a data set.
     *
     * @param path a zip file or a folder
     * @throws DataSetException if there is none, or none of a known layout
     */
    static FileDataSet open(String name, Path path) {
        if (!Files.exists(path)) {
            throw new DataSetException("there is no file or folder " + path);
        }
        try (Root root = Root.of(path)) {
            RatingLayout layout = layout(root)
                    .orElseThrow(
                            () -> new DataSetException(
                                    path
                                            + " holds no ratings in a layout known here: ratings.csv, ratings.dat or u.data of MovieLens or goodbooks"));
            Path ratings = root.find(layout.ratingsFile()).orElseThrow();
            return new FileDataSet(
                    name,
                    path,
                    layout,
                    sha256(Files.isDirectory(path) ? ratings : path),
                    titles(root, layout),
                    isSortedByUser(ratings, layout));
        } catch (IOException e) {
            throw new DataSetException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> sha256() {
        return Optional.of(sha256);
    }

    @Override
    public Map<String, String> titles() {
        return titles;
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the stream closes what is opened here
    public Stream<UserRatings> users() {
        try {
            Root root = Root.of(path);
            try {
                BufferedReader reader = reader(root.find(layout.ratingsFile()).orElseThrow());
                Iterator<RatingLayout.Line> lines = layout.ratings(reader);
                return (sortedByUser ? UserGroups.adjacent(lines) : UserGroups.gathered(lines))
                        .onClose(() -> close(root, reader));
            } catch (IOException | RuntimeException e) {
                root.close();
                throw e;
            }
        } catch (IOException e) {
            throw new DataSetException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void close(Root root, BufferedReader reader) {
        try (root) {
            reader.close();
        } catch (IOException e) {
            throw new DataSetException("the data set cannot be closed: " + e.getMessage(), e);
        }
    }

    private static Optional<RatingLayout> layout(Root root) throws IOException {
        for (RatingLayout layout : RatingLayout.values()) {
            Optional<Path> file = root.find(layout.ratingsFile());
            if (file.isPresent()) {
                try (BufferedReader reader = reader(file.get())) {
                    String first = reader.readLine();
                    if (first != null && layout.fits(first)) {
                        return Optional.of(layout);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isSortedByUser(Path ratings, RatingLayout layout) throws IOException {
        try (BufferedReader reader = reader(ratings)) {
            return UserGroups.isAdjacent(layout.ratings(reader));
        }
    }

    private static Map<String, String> titles(Root root, RatingLayout layout) throws IOException {
        Optional<Path> file = root.find(layout.titlesFile());
        if (file.isEmpty()) {
            return Map.of();
        }
        Map<String, String> titles = new HashMap<>();
        try (BufferedReader reader = new BufferedReader(new StringReader(text(Files.readAllBytes(file.get()))))) {
            layout.titles(reader).forEachRemaining(pair -> titles.put(pair[0], pair[1]));
        }
        return Map.copyOf(titles);
    }

    /** UTF-8, or Latin 1 as the older sets are. */
    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8), 1 << 16);
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A folder, or the inside of a zip file. */
    private record Root(Path folder, @Nullable FileSystem zip) implements AutoCloseable {
        static Root of(Path path) throws IOException {
            if (Files.isDirectory(path)) {
                return new Root(path, null);
            }
            FileSystem zip = FileSystems.newFileSystem(path);
            return new Root(zip.getPath("/"), zip);
        }

        Optional<Path> find(String fileName) throws IOException {
            try (Stream<Path> files = Files.walk(folder, FOLDERS_DEEP)) {
                Path[] found = files.filter(file -> file.getFileName() != null
                                && file.getFileName().toString().equals(fileName))
                        .toArray(Path[]::new);
                Arrays.sort(found);
                return found.length == 0 ? Optional.empty() : Optional.of(found[0]);
            }
        }

        @Override
        public void close() throws IOException {
            if (zip != null) {
                zip.close();
            }
        }
    }
}
