package io.velox.client.cli;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.velox.client.BulkResult;
import io.velox.client.Observation;
import io.velox.client.ratings.RatingLine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Consecutive lines of a file, as one request takes them: a line of NDJSON for each line of the file, so that both have the same
 * numbers, and a blank one where the file's is no observation. Confined to one thread at a time.
 */
final class ImportChunk {
    /** A request of that many bytes is large enough, however few lines it has. */
    private static final int MAX_BYTES = 8 << 20;

    private static final ObjectWriter JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build()
            .writerFor(Observation.class);

    /** A line that is no observation: why, and how it reads. */
    record BadLine(long number, String reason, String text) {}

    private record Sent(String uid, String text) {
        private static final Sent NOTHING = new Sent("", "");
    }

    private final long firstLine;
    private final int maxLines;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 20);
    private final List<Sent> lines = new ArrayList<>();
    private final List<BadLine> bad = new ArrayList<>();

    ImportChunk(long firstLine, int maxLines) {
        this.firstLine = firstLine;
        this.maxLines = maxLines;
    }

    /** Whether the line can still be one of these. */
    boolean hasRoomFor(long number) {
        return number - firstLine < maxLines && body.size() < MAX_BYTES;
    }

    void add(RatingLine line, String text) throws IOException {
        while (firstLine + lines.size() < line.number()) {
            skip();
        }
        if (line instanceof RatingLine.Good good) {
            body.writeBytes(JSON.writeValueAsBytes(good.observation()));
            body.write('\n');
            lines.add(new Sent(good.observation().uid(), text));
        } else if (line instanceof RatingLine.Bad refused) {
            bad.add(new BadLine(line.number(), refused.reason(), text));
            skip();
        }
    }

    private void skip() {
        body.write('\n');
        lines.add(Sent.NOTHING);
    }

    long firstLine() {
        return firstLine;
    }

    /** The line behind the last. */
    long endLine() {
        return firstLine + lines.size();
    }

    /** The lines behind the first so many, as a chunk of their own, without those that were bad already here. */
    ImportChunk after(long line) {
        ImportChunk rest = new ImportChunk(line + 1, maxLines);
        byte[] all = body.toByteArray();
        int start = 0;
        for (long skipped = firstLine; skipped <= line; start++) {
            if (all[start] == '\n') {
                skipped++;
            }
        }
        rest.body.write(all, start, all.length - start);
        rest.lines.addAll(lines.subList((int) (line + 1 - firstLine), lines.size()));
        return rest;
    }

    /** What a request sends. */
    InputStream stream() {
        return new ByteArrayInputStream(body.toByteArray());
    }

    /** The lines that were bad here or at the server, by number. */
    List<BadLine> bad(BulkResult result) {
        SortedMap<Long, BadLine> all = new TreeMap<>();
        bad.forEach(line -> all.put(line.number(), line));
        result.problems()
                .forEach(p -> all.put(
                        p.line(),
                        new BadLine(p.line(), p.detail(), sent(p.line()).text())));
        return List.copyOf(all.values());
    }

    /** The users of the lines that the server did not refuse, in the order of the lines. */
    List<String> users(Set<Long> refused) {
        List<String> users = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).uid().isEmpty() && !refused.contains(firstLine + i)) {
                users.add(lines.get(i).uid());
            }
        }
        return users;
    }

    private Sent sent(long line) {
        int index = (int) (line - firstLine);
        return index >= 0 && index < lines.size() ? lines.get(index) : Sent.NOTHING;
    }
}
