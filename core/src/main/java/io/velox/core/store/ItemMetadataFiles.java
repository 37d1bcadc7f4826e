package io.velox.core.store;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.item.Metadata;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.ModelVersion;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a training is told of the items: {@code models/<model>/items-<version>.ndjson.gz}, of which each line is {@code {"item":…,"metadata":{…}}}. One of each
 * model is kept. Single writer; blocks.
 */
public final class ItemMetadataFiles {
    private static final Pattern NAME = Pattern.compile("items-([1-9]\\d{0,9})\\.ndjson\\.gz");

    private final FileSystem files;
    private final Path root;

    public ItemMetadataFiles(ModelStore store) {
        this.files = store.fileSystem();
        this.root = store.root();
    }

    /**
     * Writes the file for the training of a version, and deletes those that earlier trainings of the model had.
     *
     * @param items by id
     * @return its URI
     * @throws VeloxException {@code STORE_UNAVAILABLE}
     */
    public String write(ModelVersion version, Map<String, Metadata> items) {
        Path folder = new Path(root, "models/" + version.model());
        Path target = new Path(folder, "items-" + version.version() + ".ndjson.gz");
        Path hidden = new Path(folder, ".items-" + UUID.randomUUID());
        try {
            files.mkdirs(folder);
            write(hidden, items);
            deleteUpTo(folder, version.version());
            if (!files.rename(hidden, target)) {
                throw new IOException(hidden + " could not be renamed to " + target);
            }
            return target.toString();
        } catch (IOException e) {
            throw new VeloxException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "the metadata of items for " + version + " cannot be written: " + e,
                    e);
        }
    }

    private void write(Path file, Map<String, Metadata> items) throws IOException {
        try (GZIPOutputStream out = new GZIPOutputStream(files.create(file, false));
                JsonGenerator json = RecordCodec.mapper().getFactory().createGenerator(out, JsonEncoding.UTF8)) {
            json.setRootValueSeparator(null);
            for (Map.Entry<String, Metadata> item : items.entrySet()) {
                json.writeStartObject();
                json.writeStringField("item", item.getKey());
                json.writeObjectField("metadata", item.getValue());
                json.writeEndObject();
                json.writeRaw('\n');
            }
        }
    }

    /** One of the same version is of a training that did not begin. */
    private void deleteUpTo(Path folder, int version) throws IOException {
        for (FileStatus file : files.listStatus(folder)) {
            Matcher name = NAME.matcher(file.getPath().getName());
            if (name.matches() && Long.parseLong(name.group(1)) <= version) {
                files.delete(file.getPath(), false);
            }
        }
    }
}
