package io.velox.standalone.demo;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** How one family of data sets writes its ratings and titles: file names, separators, columns. */
enum RatingLayout {
    /** MovieLens since 2013: CSV with a header. */
    MOVIELENS_CSV("ratings.csv", "userId", "movieId", "movies.csv", "movieId", "title"),
    /** goodbooks-10k: CSV with a header, no times. */
    GOODBOOKS("ratings.csv", "user_id", "book_id", "books.csv", "id", "title"),
    /** MovieLens 1M and 10M: {@code ::} between columns, no header. */
    MOVIELENS_DAT("ratings.dat", "0", "1", "movies.dat", "0", "1"),
    /** MovieLens 100K: tabs between ratings, bars between titles, no header. */
    MOVIELENS_100K("u.data", "0", "1", "u.item", "0", "1");

    /** A line of the ratings file. */
    record Line(String uid, Rating rating) {}

    private static final ObjectReader ROWS =
            new CsvMapper().readerFor(String[].class).with(CsvParser.Feature.WRAP_AS_ARRAY);

    private final String ratingsFile;
    private final String userColumn;
    private final String itemColumn;
    private final String titlesFile;
    private final String titleItemColumn;
    private final String titleColumn;

    RatingLayout(
            String ratingsFile,
            String userColumn,
            String itemColumn,
            String titlesFile,
            String titleItemColumn,
            String titleColumn) {
        this.ratingsFile = ratingsFile;
        this.userColumn = userColumn;
        this.itemColumn = itemColumn;
        this.titlesFile = titlesFile;
        this.titleItemColumn = titleItemColumn;
        this.titleColumn = titleColumn;
    }

    String ratingsFile() {
        return ratingsFile;
    }

    String titlesFile() {
        return titlesFile;
    }

    /** Whether a ratings file that begins with this line is of this layout. */
    boolean fits(String firstLine) {
        return switch (this) {
            case MOVIELENS_CSV, GOODBOOKS -> {
                List<String> header = Arrays.asList(firstLine.split(","));
                yield header.contains(userColumn) && header.contains(itemColumn) && header.contains("rating");
            }
            case MOVIELENS_DAT -> firstLine.split("::", -1).length == 4;
            case MOVIELENS_100K -> firstLine.split("\t", -1).length == 4;
        };
    }

    /** The ratings, streamed. */
    Iterator<Line> ratings(BufferedReader reader) throws IOException {
        return new RatingLines(rows(reader, '\t'), this);
    }

    int userColumn(String[] header) {
        return column(header, userColumn);
    }

    int itemColumn(String[] header) {
        return column(header, itemColumn);
    }

    int labelColumn(String[] header) {
        return hasHeader() ? column(header, "rating") : 2;
    }

    /** Where the times are; -1 if there are none. */
    int timeColumn(String[] header) {
        return hasHeader() ? Arrays.asList(header).indexOf("timestamp") : 3;
    }

    boolean hasHeader() {
        return switch (this) {
            case MOVIELENS_CSV, GOODBOOKS -> true;
            case MOVIELENS_DAT, MOVIELENS_100K -> false;
        };
    }

    /** The titles as pairs of item and title, streamed. */
    Iterator<String[]> titles(BufferedReader reader) throws IOException {
        Iterator<String[]> rows = rows(reader, '|');
        String[] header = hasHeader() && rows.hasNext() ? rows.next() : new String[0];
        int item = column(header, titleItemColumn);
        int title = column(header, titleColumn);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public String[] next() {
                String[] row = rows.next();
                return new String[] {row[item], row[title]};
            }
        };
    }

    private Iterator<String[]> rows(BufferedReader reader, char plainSeparator) throws IOException {
        return switch (this) {
            case MOVIELENS_CSV, GOODBOOKS -> csv(reader, CsvSchema.emptySchema());
            case MOVIELENS_DAT ->
                reader.lines().map(line -> line.split("::", -1)).iterator();
            case MOVIELENS_100K ->
                csv(
                        reader,
                        CsvSchema.emptySchema()
                                .withColumnSeparator(plainSeparator)
                                .withoutQuoteChar());
        };
    }

    private static MappingIterator<String[]> csv(Reader reader, CsvSchema schema) throws IOException {
        return ROWS.with(schema).readValues(reader);
    }

    private int column(String[] header, String name) {
        int column = hasHeader() ? Arrays.asList(header).indexOf(name) : Integer.parseInt(name);
        if (column < 0) {
            throw new DataSetException("there is no column " + name + " in the header " + String.join(",", header));
        }
        return column;
    }
}
