package io.velox.client.ratings;

import com.fasterxml.jackson.databind.node.TextNode;
import io.velox.client.Observation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Columns with a separator between them: CSV, tabs, MovieLens's {@code ::}. Every line has as many as the first.
 *
 * <p>Without a header and a mapping the columns are user, item, rating and perhaps time, and only where the separator is {@code ::} or a
 * tab, as MovieLens has it: with others, orders differ.
 */
final class SeparatedFormat implements RatingFormat {
    private static final List<String> SEPARATORS = List.of("::", "\t", ";", "|", ",");
    private static final String NUMBERS =
            "columns without a header need their numbers, as in --columns uid=1,item=2,label=3,timestamp=4";
    private static final int SHOWN = 80;

    private final Cells cells;
    private final int width;
    private final boolean hasHeader;
    private final Places places;

    private SeparatedFormat(Cells cells, int width, boolean hasHeader, Places places) {
        this.cells = cells;
        this.width = width;
        this.hasHeader = hasHeader;
        this.places = places;
    }

    static SeparatedFormat of(String firstLine, RatingOptions options) {
        List<String> separators = options.separator().map(List::of).orElse(SEPARATORS);
        for (String separator : separators) {
            if (firstLine.contains(separator)) {
                Optional<SeparatedFormat> format = of(firstLine, separator, options);
                if (format.isPresent()) {
                    return format.get();
                }
            }
        }
        throw new IllegalArgumentException(
                "the first line must be JSON, or user::item::rating::time, or a CSV header with the columns uid, item, label and"
                        + " perhaps timestamp and id (--columns and --separator say so if they have other names); but it is '"
                        + (firstLine.length() > SHOWN ? firstLine.substring(0, SHOWN - 3) + "..." : firstLine) + "'");
    }

    private static Optional<SeparatedFormat> of(String firstLine, String separator, RatingOptions options) {
        Cells cells = Cells.separatedBy(separator);
        List<String> first = cells.of(firstLine).stream().map(String::strip).toList();
        RatingColumns columns = options.columns();
        if (columns.isNumbered()) {
            return numbered(cells, first, options);
        }
        boolean isMovieLens = separator.equals("::") || separator.equals("\t");
        if (options.hasNoHeader() || (isMovieLens && first.size() >= 3 && isNumber(first.get(2)))) {
            if (!columns.isEmpty() || !isMovieLens || first.size() < 3) {
                throw new IllegalArgumentException(NUMBERS);
            }
            return Optional.of(new SeparatedFormat(cells, first.size(), false, Places.inOrder(first.size())));
        }
        return named(cells, first, columns);
    }

    private static Optional<SeparatedFormat> named(Cells cells, List<String> header, RatingColumns columns) {
        Places places = Places.of(
                field -> columns.among(header, field).map(header::indexOf).orElse(Places.NONE));
        return places.areComplete()
                ? Optional.of(new SeparatedFormat(cells, header.size(), true, places))
                : Optional.empty();
    }

    private static Optional<SeparatedFormat> numbered(Cells cells, List<String> first, RatingOptions options) {
        Places places = Places.of(
                field -> options.columns().numbered(field).map(n -> n - 1).orElse(Places.NONE));
        if (!places.areComplete()) {
            throw new IllegalArgumentException(NUMBERS);
        }
        if (places.last() >= first.size()) {
            return Optional.empty();
        }
        boolean hasHeader = !options.hasNoHeader() && !isNumber(first.get(places.label()));
        return Optional.of(new SeparatedFormat(cells, first.size(), hasHeader, places));
    }

    @Override
    public boolean hasHeader() {
        return hasHeader;
    }

    @Override
    public Observation read(String line) {
        List<String> row = cells.of(line);
        if (row.size() != width) {
            throw new IllegalArgumentException("must have " + width + " columns, but has " + row.size());
        }
        return RatingValues.observation(
                row.get(places.uid()),
                TextNode.valueOf(row.get(places.item())),
                row.get(places.label()),
                optional(row, places.timestamp()),
                optional(row, places.id()));
    }

    private static @Nullable String optional(List<String> row, int place) {
        return place == Places.NONE ? null : row.get(place);
    }

    private static boolean isNumber(String text) {
        try {
            Double.parseDouble(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
