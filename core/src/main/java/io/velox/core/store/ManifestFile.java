package io.velox.core.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.velox.core.log.RecordCodec;
import java.io.IOException;
import java.util.Arrays;

/**
 * The file of a {@link Manifest}: {@code {"sha256":"…","manifest":{…}}}, where the checksum is of the bytes of the inner object, so
 * that no change of any byte goes unseen and no reader has to write numbers as the writer did.
 */
final class ManifestFile {
    private static final String BEGIN = "{\"sha256\":\"";
    private static final String MIDDLE = "\",\"manifest\":";
    private static final String END = "}\n";
    private static final int HEAD_LENGTH = BEGIN.length() + 64 + MIDDLE.length();

    private ManifestFile() {}

    static byte[] write(Manifest manifest) throws IOException {
        byte[] body = RecordCodec.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest);
        byte[] head = head(body);
        byte[] file = Arrays.copyOf(head, head.length + body.length + END.length());
        System.arraycopy(body, 0, file, head.length, body.length);
        System.arraycopy(END.getBytes(UTF_8), 0, file, head.length + body.length, END.length());
        return file;
    }

    /** Reads what {@link #write} wrote; an {@link IOException} or {@link RuntimeException} says why it is no such thing. */
    static Manifest read(byte[] file) throws IOException {
        int bodyEnd = file.length - END.length();
        if (bodyEnd <= HEAD_LENGTH || !new String(file, bodyEnd, END.length(), UTF_8).equals(END)) {
            throw new IOException("it is no manifest, or the end of one is missing");
        }
        byte[] body = Arrays.copyOfRange(file, HEAD_LENGTH, bodyEnd);
        if (!Arrays.equals(head(body), Arrays.copyOf(file, HEAD_LENGTH))) {
            throw new IOException("its checksum does not fit");
        }
        JsonNode json = RecordCodec.read(body, JsonNode.class);
        int format = json.path("format").asInt();
        if (format < 1 || format > Manifest.FORMAT) {
            throw new IOException("its format is " + format + ", but this build reads 1 to " + Manifest.FORMAT);
        }
        return RecordCodec.read(body, Manifest.class);
    }

    private static byte[] head(byte[] body) {
        return (BEGIN + Sha256.of(body) + MIDDLE).getBytes(UTF_8);
    }
}
