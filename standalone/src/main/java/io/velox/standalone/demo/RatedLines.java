package io.velox.standalone.demo;

import io.velox.client.Observation;
import io.velox.client.ratings.RatingLine;
import io.velox.client.ratings.RatingReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The lines of a ratings file, every one of which must be good. Equal item ids are one string, to keep memory small. */
final class RatedLines implements Iterator<RatedLine> {
    private final RatingReader reader;
    private final Map<String, String> itemIds = new HashMap<>();
    private Optional<RatingLine> next;
    private long count;

    RatedLines(RatingReader reader) {
        this.reader = reader;
        this.next = read();
    }

    @Override
    public boolean hasNext() {
        return next.isPresent();
    }

    @Override
    public RatedLine next() {
        RatingLine line = next.orElseThrow(() -> new NoSuchElementException("no more lines"));
        next = read();
        count++;
        if (line instanceof RatingLine.Good good) {
            Observation observation = good.observation();
            String item = observation.item().isValueNode() ? observation.item().asText() : "";
            if (item.isEmpty()) {
                throw new DataSetException("line " + line.number() + " of the ratings: item must be an id");
            }
            return new RatedLine(
                    observation.uid(),
                    new Rating(
                            itemIds.computeIfAbsent(item, same -> same), observation.label(), observation.timestamp()));
        }
        throw new DataSetException("line " + line.number() + " of the ratings: " + ((RatingLine.Bad) line).reason()
                + "; mend it or take it out");
    }

    /** Lines given so far. */
    long count() {
        return count;
    }

    private Optional<RatingLine> read() {
        try {
            return reader.next();
        } catch (IOException e) {
            throw new DataSetException(String.valueOf(e.getMessage()), e);
        }
    }
}
