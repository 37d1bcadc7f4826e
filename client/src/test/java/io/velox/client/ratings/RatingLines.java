package io.velox.client.ratings;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All lines of a short file. */
final class RatingLines {
    private RatingLines() {}

    static List<RatingLine> all(RatingReader reader) throws IOException {
        List<RatingLine> lines = new ArrayList<>();
        for (Optional<RatingLine> line = reader.next(); line.isPresent(); line = reader.next()) {
            lines.add(line.get());
        }
        return lines;
    }
}
