package io.velox.bench.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Ratings as NDJSON, in blocks of about 64 KiB that end with a line; made as they are asked for. */
public final class RatingLines implements Iterable<byte[]> {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int BLOCK = 64 << 10;
    private static final int ROOM_FOR_A_LINE = 1 << 10;

    private final RatingTable table;
    private final int[] rows;
    private final int from;
    private final int to;

    /** Those of {@code rows} from one index up to, and without, another. */
    public RatingLines(RatingTable table, int[] rows, int from, int to) {
        this.table = table;
        this.rows = rows;
        this.from = from;
        this.to = to;
    }

    @Override
    public Iterator<byte[]> iterator() {
        return new Blocks();
    }

    private final class Blocks implements Iterator<byte[]> {
        private int next = from;

        @Override
        public boolean hasNext() {
            return next < to;
        }

        @Override
        public byte[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            ByteArrayOutputStream block = new ByteArrayOutputStream(BLOCK + ROOM_FOR_A_LINE);
            while (hasNext() && block.size() < BLOCK) {
                try (JsonGenerator json = JSON.createGenerator(block)) {
                    write(json, rows[next++]);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return block.toByteArray();
        }

        private void write(JsonGenerator json, int row) throws IOException {
            json.writeStartObject();
            json.writeStringField("uid", table.uid(table.user(row)));
            json.writeStringField("item", table.item(row));
            json.writeNumberField("label", table.label(row));
            json.writeStringField("timestamp", table.time(row).toString());
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }
}
