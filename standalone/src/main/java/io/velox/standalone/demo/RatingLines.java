package io.velox.standalone.demo;

import io.velox.standalone.demo.RatingLayout.Line;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** The lines of a ratings file as ratings. Equal item ids are one string, to keep memory small. */
final class RatingLines implements Iterator<Line> {
    private final Iterator<String[]> rows;
    private final int user;
    private final int item;
    private final int label;
    private final int time;
    private final Map<String, String> itemIds = new HashMap<>();
    private long number;

    RatingLines(Iterator<String[]> rows, RatingLayout layout) {
        this.rows = rows;
        String[] header = layout.hasHeader() && rows.hasNext() ? rows.next() : new String[0];
        this.number = layout.hasHeader() ? 1 : 0;
        this.user = layout.userColumn(header);
        this.item = layout.itemColumn(header);
        this.label = layout.labelColumn(header);
        this.time = layout.timeColumn(header);
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public Line next() {
        String[] row = rows.next();
        number++;
        try {
            String id = itemIds.computeIfAbsent(row[item], same -> same);
            Instant when = time < 0 ? null : Instant.ofEpochSecond(Long.parseLong(row[time]));
            return new Line(row[user], new Rating(id, Double.parseDouble(row[label]), when));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new DataSetException(
                    "line " + number + " of the ratings is not a rating: " + String.join(" ", row), e);
        }
    }
}
