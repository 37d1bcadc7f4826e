package io.velox.core.store;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.model.FactorTable;
import io.velox.core.model.LinearModel;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The store of model versions, on any Hadoop file system: {@code models/<model>/<version>/{manifest.json, items/…, users/…,
 * posterior/…, metadata/…}}.
 *
 * <p>Nothing in it is ever overwritten: a version's files are written first, under names of their own, and its manifest, which lists
 * them with their checksums, last. On a local disk these checksums take the place of Hadoop's own {@code .crc} files, which are neither
 * written nor read. Safe for use from any thread; every method blocks.
 */
public final class ModelStore implements Closeable {
    static final String MANIFEST = "manifest.json";
    static final String USERS = "users/";
    private static final String POSTERIOR = "posterior/";

    /** What the paths of an item table's files begin with. */
    static final String ITEMS = "items/";

    private static final Pattern LATER_MANIFEST = Pattern.compile("manifest-[1-9]\\d{0,8}\\.json$");

    private final FileSystem files;
    private final Path root;

    private ModelStore(FileSystem files, Path root) {
        this.files = files;
        this.root = root;
    }

    /**
     * Opens the store.
     *
     * @param root such as {@code file:/var/velox/store}, {@code file:./store} (below the working directory) or
     *     {@code alluxio://host:19998/velox}
     * @param hadoopProperties for the file system of {@code root}
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public static ModelStore open(URI root, Map<String, String> hadoopProperties) {
        Configuration hadoop = new Configuration();
        hadoop.setClassLoader(ModelStore.class.getClassLoader());
        hadoop.setClass("fs.file.impl", LocalFiles.class, FileSystem.class);
        hadoopProperties.forEach(hadoop::set);
        try {
            Path path = new Path(absolute(root));
            return new ModelStore(FileSystem.newInstance(path.toUri(), hadoop), path);
        } catch (IOException e) {
            throw new VeloxException(ErrorCode.STORE_UNAVAILABLE, "the store " + root + " cannot be opened: " + e, e);
        }
    }

    /** The root with its path from the working directory made absolute, if it is a relative one ({@code file:./store}). */
    public static URI absolute(URI root) {
        if (!root.isOpaque() || !"file".equals(root.getScheme())) {
            return root;
        }
        String path = java.nio.file.Path.of(root.getSchemeSpecificPart())
                .toAbsolutePath()
                .normalize()
                .toString();
        try {
            return new URI("file", null, path, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("root must be a URI, but got " + root, e);
        }
    }

    /** Closes the file system; the store cannot be used any more. */
    @Override
    public void close() {
        try {
            files.close();
        } catch (IOException e) {
            throw new VeloxException(ErrorCode.STORE_UNAVAILABLE, "the store " + root + " cannot be closed: " + e, e);
        }
    }

    public FileSystem fileSystem() {
        return files;
    }

    public Path root() {
        return root;
    }

    /** Where a version's manifest is, relative to the root: what topics carry. */
    public static String manifestAddress(ModelVersion version) {
        return "models/" + version.model() + "/" + version.version() + "/" + MANIFEST;
    }

    /** The version numbers in use, ascending, complete or not, so that a new version never meets the rest of a broken one. */
    public List<Integer> versionNumbers(String model) {
        List<Integer> numbers = new ArrayList<>();
        try {
            for (FileStatus folder : files.listStatus(new Path(root, "models/" + model))) {
                if (folder.getPath().getName().matches("[1-9]\\d{0,8}")) {
                    numbers.add(Integer.parseInt(folder.getPath().getName()));
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw unavailable("versions of " + model, e);
        }
        Collections.sort(numbers);
        return numbers;
    }

    /**
     * Begins one part of a version's {@code items}, {@code users} or {@code posterior}, under a name that is not in use yet.
     *
     * @param part such as {@code items/part-00000}; read whole into memory one at a time, so tens of megabytes at most
     */
    public FactorFile.Writer createPart(ModelVersion version, String part) throws IOException {
        return new FactorFile.Writer(files, new Path(folder(version), part));
    }

    /** The files of a part that is complete, as the manifest lists them. */
    public List<StoredFile> describePart(ModelVersion version, String part) throws IOException {
        List<StoredFile> described = new ArrayList<>();
        for (String name : List.of(part + FactorFile.DATA, part + FactorFile.INDEX)) {
            Path path = new Path(folder(version), name);
            try (InputStream in = files.open(path)) {
                described.add(new StoredFile(name, files.getFileStatus(path).getLen(), Sha256.of(in)));
            }
        }
        return described;
    }

    /**
     * Writes the manifest, which makes the version exist.
     *
     * @throws IOException also when the version exists already
     */
    public void writeManifest(Manifest manifest) throws IOException {
        writeManifest(manifest, manifestAddress(manifest.id()));
    }

    void writeManifest(Manifest manifest, String address) throws IOException {
        Path target = new Path(root, address);
        if (files.exists(target)) { // a local rename would overwrite it
            throw new IOException(target + " exists already");
        }
        Path hidden = new Path(target.getParent(), ".manifest.json." + UUID.randomUUID());
        try (OutputStream out = files.create(hidden, false)) {
            out.write(ManifestFile.write(manifest));
        }
        if (!files.rename(hidden, target)) {
            files.delete(hidden, false);
            throw new IOException(target + " exists already");
        }
    }

    /**
     * Reads a manifest.
     *
     * @param address as {@link #manifestAddress} gives it
     * @throws VeloxException {@code CORRUPT_MODEL} if it is missing, damaged or of a newer format; {@code STORE_UNAVAILABLE}
     */
    public Manifest readManifest(String address) {
        byte[] bytes;
        try (InputStream in = files.open(new Path(root, address))) {
            bytes = in.readAllBytes();
        } catch (FileNotFoundException e) {
            throw corrupt(address + " does not exist", e);
        } catch (IOException e) {
            throw unavailable(address, e);
        }
        Manifest manifest;
        try {
            manifest = ManifestFile.read(bytes);
        } catch (IOException | RuntimeException e) {
            throw corrupt(address + " cannot be read: " + e.getMessage(), e);
        }
        if (!isAddressOf(manifest.id(), address)) {
            throw corrupt(address + " is the manifest of another version, " + manifest.id(), null);
        }
        return manifest;
    }

    private static boolean isAddressOf(ModelVersion version, String address) {
        String first = manifestAddress(version);
        return address.equals(first)
                || LATER_MANIFEST.matcher(address).replaceFirst(MANIFEST).equals(first);
    }

    /**
     * Opens a version: reads its manifest, verifies the files that answering needs, and loads them.
     *
     * @throws VeloxException {@code CORRUPT_MODEL} if anything about it is wrong; {@code STORE_UNAVAILABLE}
     */
    public VeloxModel open(Manifest manifest) {
        return switch (manifest.kind()) {
            case ALS ->
                new MatrixFactorModel(
                        manifest.id(), readItems(manifest), manifest.prior(), manifest.noise(), manifest.repeat());
            case LINEAR -> {
                if (manifest.inputs() == null) {
                    throw corrupt(manifest.id() + " is linear, but its manifest names no inputs", null);
                }
                yield new LinearModel(
                        manifest.id(),
                        Objects.requireNonNull(manifest.inputs()),
                        manifest.prior(),
                        manifest.noise(),
                        manifest.repeat());
            }
        };
    }

    /**
     * Opens a version whose item table stays in the store, to be read a few rows at a time. Its files are verified now, each once, in
     * bounded memory.
     *
     * @param manifest of a model that has an item table
     * @return the model, whose table the caller closes
     * @throws VeloxException {@code CORRUPT_MODEL} if anything about it is wrong; {@code STORE_UNAVAILABLE}
     */
    public StoredFactorModel openStored(Manifest manifest) {
        return new StoredFactorModel(
                manifest.id(), openTable(manifest), manifest.prior(), manifest.noise(), manifest.repeat());
    }

    private StoredTable openTable(Manifest manifest) {
        List<StoredPart> parts = new ArrayList<>();
        for (StoredFile data : manifest.files()) {
            if (data.path().startsWith(ITEMS) && data.path().endsWith(FactorFile.DATA)) {
                String part = data.path().substring(0, data.path().length() - FactorFile.DATA.length());
                StoredFile index = manifest.files().stream()
                        .filter(file -> file.path().equals(part + FactorFile.INDEX))
                        .findFirst()
                        .orElseThrow(() -> corrupt(manifest.id() + ": " + part + " has no index", null));
                List<FactorFile.IndexEntry> entries;
                try {
                    entries = FactorFile.readIndex(files, readVerified(manifest, index));
                } catch (IOException e) {
                    throw corrupt(manifest.id() + ": " + index.path() + " cannot be read: " + e.getMessage(), e);
                }
                parts.add(StoredPart.open(
                        files,
                        new Path(folder(manifest.id()), data.path()),
                        manifest.id() + ": " + data.path(),
                        data,
                        entries));
            }
        }
        return StoredTable.open(manifest.id(), manifest.dimension(), parts);
    }

    private FactorTable readItems(Manifest manifest) {
        FactorTable items;
        try {
            FactorTable.Builder table = new FactorTable.Builder(manifest.dimension());
            readTable(manifest, ITEMS, (id, features, offset, noise) -> {
                FactorFile.checkFinite(id, features, offset, noise);
                table.add(id, features, offset, noise);
            });
            items = table.build();
        } catch (IllegalArgumentException e) {
            throw corrupt(manifest.id() + ": " + e.getMessage(), e);
        }
        if (items.size() == 0) {
            throw corrupt(manifest.id() + " has no items", null);
        }
        return items;
    }

    /**
     * Streams the users that training saw, with the weights that it gave them.
     *
     * @throws VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    public void readUsers(Manifest manifest, FactorFile.RowConsumer consumer) {
        readTable(manifest, USERS, consumer);
    }

    /** The parts of what a refresh starts from, for {@link #readPosterior}; none for a version that none can start from. */
    public List<StoredFile> posteriorParts(Manifest manifest) {
        return manifest.files().stream()
                .filter(file -> file.path().startsWith(POSTERIOR) && file.path().endsWith(FactorFile.DATA))
                .toList();
    }

    /**
     * Streams one part of the items' posteriors: rows of d + d(d+1)/2 numbers, the mean of {@code [factor, bias]} and its packed
     * covariance.
     *
     * @throws VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    public void readPosterior(Manifest manifest, StoredFile part, FactorFile.RowConsumer consumer) {
        int length = manifest.dimension() + PackedSymmetric.length(manifest.dimension());
        readPart(manifest, part, (id, row, offset, noise) -> {
            if (row.length != length) {
                throw corrupt(
                        manifest.id() + ": " + part.path() + " must have rows of " + length + ", but that of '" + id
                                + "' has " + row.length,
                        null);
            }
            consumer.row(id, row, offset, noise);
        });
    }

    /**
     * Deletes whatever a training left behind that did not come to publish its version.
     *
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public void deleteUnpublished(ModelVersion version) {
        try {
            if (!files.exists(new Path(root, manifestAddress(version)))) {
                files.delete(folder(version), true);
            }
        } catch (IOException e) {
            throw unavailable("what is left of " + version, e);
        }
    }

    /**
     * Verifies the files of a version that neither answering nor rebasing reads: what a refresh starts from, and what new items do.
     *
     * @throws VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    public void verifyOthers(Manifest manifest) {
        for (StoredFile file : manifest.files()) {
            if (!file.path().startsWith(ITEMS) && !file.path().startsWith(USERS)) {
                verify(manifest, file);
            }
        }
    }

    private void verify(Manifest manifest, StoredFile file) {
        String name = manifest.id() + ": " + file.path();
        Path path = new Path(folder(manifest.id()), file.path());
        try (InputStream in = files.open(path)) {
            if (files.getFileStatus(path).getLen() != file.bytes()
                    || !Sha256.of(in).equals(file.sha256())) {
                throw damaged(name);
            }
        } catch (FileNotFoundException e) {
            throw corrupt(name + " is missing", e);
        } catch (IOException e) {
            throw unavailable(name, e);
        }
    }

    private void readTable(Manifest manifest, String prefix, FactorFile.RowConsumer consumer) {
        for (StoredFile file : manifest.files()) {
            if (file.path().startsWith(prefix)) {
                readPart(manifest, file, consumer);
            }
        }
    }

    void readPart(Manifest manifest, StoredFile file, FactorFile.RowConsumer consumer) {
        byte[] content = readVerified(manifest, file);
        if (file.path().endsWith(FactorFile.DATA)) {
            try {
                FactorFile.read(files, content, consumer);
            } catch (IOException e) {
                throw corrupt(manifest.id() + ": " + file.path() + " cannot be read: " + e.getMessage(), e);
            }
        }
    }

    /** Reads a file whole, so that what is used is what was verified. */
    byte[] readVerified(Manifest manifest, StoredFile file) {
        String name = manifest.id() + ": " + file.path();
        if (file.bytes() > Integer.MAX_VALUE - 8) {
            throw corrupt(name + " is too large for one part: " + file.bytes() + " bytes", null);
        }
        byte[] content;
        try (InputStream in = files.open(new Path(folder(manifest.id()), file.path()))) {
            content = in.readNBytes((int) file.bytes() + 1);
        } catch (FileNotFoundException e) {
            throw corrupt(name + " is missing", e);
        } catch (IOException e) {
            throw unavailable(name, e);
        }
        if (content.length != file.bytes() || !Sha256.of(content).equals(file.sha256())) {
            throw damaged(name);
        }
        return content;
    }

    private static VeloxException damaged(String name) {
        return corrupt(name + " does not have the length and checksum that the manifest gives", null);
    }

    Path folder(ModelVersion version) {
        return new Path(root, manifestAddress(version)).getParent();
    }

    static VeloxException corrupt(String message, @Nullable Throwable cause) {
        return cause == null
                ? new VeloxException(ErrorCode.CORRUPT_MODEL, message)
                : new VeloxException(ErrorCode.CORRUPT_MODEL, message, cause);
    }

    static VeloxException unavailable(String what, IOException cause) {
        return new VeloxException(
                ErrorCode.STORE_UNAVAILABLE, what + " cannot be read from the store: " + cause, cause);
    }
}
