package io.velox.core.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.FactorTable;
import io.velox.core.model.LinearModel;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.VeloxModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The store of model versions, on any Hadoop file system: {@code models/<model>/<version>/{manifest.json, items/…, users/…}}.
 *
 * <p>Nothing in it is ever overwritten: a version's files are written first, under names of their own, and its manifest, which lists
 * them with their checksums, last. Safe for use from any thread; every method blocks.
 */
public final class ModelStore {
    private final FileSystem files;
    private final Path root;

    private ModelStore(FileSystem files, Path root) {
        this.files = files;
        this.root = root;
    }

    /**
     * Opens the store.
     *
     * @param root such as {@code file:/var/velox/store} or {@code alluxio://host:19998/velox}
     * @param hadoopProperties for the file system of {@code root}
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public static ModelStore open(URI root, Map<String, String> hadoopProperties) {
        Configuration hadoop = new Configuration();
        hadoop.setClassLoader(ModelStore.class.getClassLoader());
        hadoopProperties.forEach(hadoop::set);
        try {
            Path path = new Path(root);
            return new ModelStore(FileSystem.newInstance(path.toUri(), hadoop), path);
        } catch (IOException e) {
            throw new VeloxException(ErrorCode.STORE_UNAVAILABLE, "the store " + root + " cannot be opened: " + e, e);
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
        return "models/" + version.model() + "/" + version.version() + "/manifest.json";
    }

    /** The version numbers in use, complete or not, so that a new version never meets the rest of a broken one. */
    public List<Integer> versionNumbers(String model) {
        List<Integer> numbers = new ArrayList<>();
        try {
            for (FileStatus folder : files.listStatus(new Path(root, "models/" + model))) {
                if (folder.getPath().getName().matches("\\d{1,9}")) {
                    numbers.add(Integer.parseInt(folder.getPath().getName()));
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw unavailable("versions of " + model, e);
        }
        return numbers;
    }

    /** Begins one part of a version's {@code items} or {@code users}; ids must be added in ascending order of their UTF-8 bytes. */
    public FactorFile.Writer createPart(ModelVersion version, String part) throws IOException {
        return new FactorFile.Writer(files.getConf(), new Path(folder(version), part));
    }

    /** The files of a part that is complete, as the manifest lists them. */
    public List<StoredFile> describePart(ModelVersion version, String part) throws IOException {
        List<StoredFile> described = new ArrayList<>();
        for (String name : List.of(part + "/data", part + "/index")) {
            Path path = new Path(folder(version), name);
            described.add(new StoredFile(name, files.getFileStatus(path).getLen(), sha256(path)));
        }
        return described;
    }

    /**
     * Writes the manifest, which makes the version exist.
     *
     * @throws IOException also when the version exists already
     */
    public void writeManifest(Manifest manifest) throws IOException {
        Path target = new Path(root, manifestAddress(manifest.id()));
        Path hidden = new Path(target.getParent(), ".manifest.json." + System.nanoTime());
        try (OutputStream out = files.create(hidden, false)) {
            RecordCodec.mapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(out, new Envelope(checksum(manifest), manifest));
        }
        if (!files.rename(hidden, target)) {
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
        try {
            JsonNode json = RecordCodec.read(bytes, JsonNode.class);
            int format = json.path("manifest").path("format").asInt();
            if (format < 1 || format > Manifest.FORMAT) {
                throw new IOException("format is " + format + ", but this build reads 1 to " + Manifest.FORMAT);
            }
            Manifest manifest = RecordCodec.mapper().treeToValue(json.get("manifest"), Manifest.class);
            if (!checksum(manifest).equals(json.path("sha256").asText())) {
                throw new IOException("its checksum does not fit");
            }
            return manifest;
        } catch (IOException | RuntimeException e) {
            throw corrupt(address + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Opens a version: reads its manifest, verifies the files that answering needs, and loads them.
     *
     * @throws VeloxException {@code CORRUPT_MODEL} if anything about it is wrong; {@code STORE_UNAVAILABLE}
     */
    public VeloxModel open(Manifest manifest) {
        return switch (manifest.kind()) {
            case ALS -> new MatrixFactorModel(manifest.id(), readItems(manifest), manifest.prior(), manifest.noise());
            case LINEAR -> {
                if (manifest.inputs() == null) {
                    throw corrupt(manifest.id() + " is linear, but its manifest names no inputs", null);
                }
                yield new LinearModel(
                        manifest.id(), Objects.requireNonNull(manifest.inputs()), manifest.prior(), manifest.noise());
            }
        };
    }

    /** The manifest's file: the manifest with its checksum before it. */
    private record Envelope(String sha256, Manifest manifest) {}

    private FactorTable readItems(Manifest manifest) {
        FactorTable.Builder table = new FactorTable.Builder(manifest.dimension());
        readTable(manifest, "items/", (id, features, offset, noise) -> {
            if (!isFinite(features, offset, noise)) {
                throw new IllegalArgumentException("item '" + id + "' has features that are not finite");
            }
            table.add(id, features, offset, noise);
        });
        try {
            return table.build();
        } catch (IllegalArgumentException e) {
            throw corrupt(manifest.id() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Streams the users that training saw, with the weights that it gave them.
     *
     * @throws VeloxException {@code CORRUPT_MODEL}, {@code STORE_UNAVAILABLE}
     */
    public void readUsers(Manifest manifest, FactorFile.RowConsumer consumer) {
        readTable(manifest, "users/", consumer);
    }

    private void readTable(Manifest manifest, String prefix, FactorFile.RowConsumer consumer) {
        for (StoredFile file : manifest.files()) {
            if (file.path().startsWith(prefix)) {
                verify(manifest, file);
                if (file.path().endsWith("/data")) {
                    Path path = new Path(folder(manifest.id()), file.path());
                    try {
                        FactorFile.read(files.getConf(), path, consumer);
                    } catch (IOException | IllegalArgumentException e) {
                        throw corrupt(manifest.id() + ": " + file.path() + " cannot be read: " + e.getMessage(), e);
                    }
                }
            }
        }
    }

    private void verify(Manifest manifest, StoredFile file) {
        Path path = new Path(folder(manifest.id()), file.path());
        String found;
        try {
            found = sha256(path);
        } catch (FileNotFoundException e) {
            throw corrupt(manifest.id() + ": " + file.path() + " is missing", e);
        } catch (ChecksumException e) {
            throw corrupt(manifest.id() + ": " + file.path() + " is damaged", e);
        } catch (IOException e) {
            throw unavailable(manifest.id() + ": " + file.path(), e);
        }
        if (!found.equals(file.sha256())) {
            throw corrupt(
                    manifest.id() + ": " + file.path() + " does not have the checksum that the manifest gives", null);
        }
    }

    private Path folder(ModelVersion version) {
        return new Path(root, manifestAddress(version)).getParent();
    }

    private String sha256(Path path) throws IOException {
        MessageDigest digest = newSha256();
        try (InputStream in = new DigestInputStream(files.open(path), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of the manifest as this build writes it, so that layout does not count, but every value does. */
    private static String checksum(Manifest manifest) {
        return HexFormat.of().formatHex(newSha256().digest(RecordCodec.write(manifest)));
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static boolean isFinite(float[] features, float offset, float noise) {
        for (float feature : features) {
            if (!Float.isFinite(feature)) {
                return false;
            }
        }
        return Float.isFinite(offset) && Float.isFinite(noise) && noise >= 0;
    }

    private static VeloxException corrupt(String message, @Nullable Throwable cause) {
        return cause == null
                ? new VeloxException(ErrorCode.CORRUPT_MODEL, message)
                : new VeloxException(ErrorCode.CORRUPT_MODEL, message, cause);
    }

    private static VeloxException unavailable(String what, IOException cause) {
        return new VeloxException(
                ErrorCode.STORE_UNAVAILABLE, what + " cannot be read from the store: " + cause, cause);
    }
}
