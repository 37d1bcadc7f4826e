package io.velox.client.ratings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a line apart at a separator; between commas, semicolons and other single signs a cell may be quoted. Immutable. */
public final class Cells {
    private static final ObjectReader CSV =
            new CsvMapper().readerFor(String[].class).with(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS);

    private final String separator;
    private final @Nullable ObjectReader quoted;

    private Cells(String separator, @Nullable ObjectReader quoted) {
        this.separator = separator;
        this.quoted = quoted;
    }

    /** Of lines with this separator; tabs, bars and longer separators know no quotes. */
    public static Cells separatedBy(String separator) {
        boolean isQuoting = separator.length() == 1 && !separator.equals("\t") && !separator.equals("|");
        return new Cells(
                separator,
                isQuoting ? CSV.with(CsvSchema.emptySchema().withColumnSeparator(separator.charAt(0))) : null);
    }

    /**
     * The cells of a line.
     *
     * @throws IllegalArgumentException if a quote is not closed, or followed by something else
     */
    public List<String> of(String line) {
        if (quoted != null && line.indexOf('"') >= 0) {
            try {
                return List.of(quoted.<String[]>readValue(line));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("not valid CSV: " + e.getOriginalMessage(), e);
            }
        }
        List<String> cells = new ArrayList<>(4);
        int begin = 0;
        for (int end = line.indexOf(separator); end >= 0; end = line.indexOf(separator, begin)) {
            cells.add(line.substring(begin, end));
            begin = end + separator.length();
        }
        cells.add(line.substring(begin));
        return cells;
    }
}
