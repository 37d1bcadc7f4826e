package io.velox.serving.http;

import io.velox.serving.bulk.LineFormat;
import io.velox.serving.bulk.LineReader;

/** A JSON object in each line, as {@code observe} takes it. Immutable. */
record NdjsonFormat(ObservationReader reader) implements LineFormat {
    static final String MEDIA_TYPE = "application/x-ndjson";

    @Override
    public long firstLine() {
        return 1;
    }

    @Override
    public LineParser begin(LineReader lines) {
        return line -> reader.read("line", JsonBody.parseLine(line.buffer(), line.start(), line.length()));
    }
}
