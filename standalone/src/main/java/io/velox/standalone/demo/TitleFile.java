package io.velox.standalone.demo;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.velox.client.ratings.Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Titles and genres as data sets keep them: MovieLens's movies.csv, movies.dat, u.item with u.genre; goodbooks's books.csv. */
final class TitleFile {
    private static final ObjectReader ROWS =
            new CsvMapper().readerFor(String[].class).with(CsvParser.Feature.WRAP_AS_ARRAY);

    /** Columns of u.item before the flags: id, title, two dates, address. */
    private static final int BEFORE_FLAGS = 5;

    private static final String NO_GENRES = "(no genres listed)";

    private final Bundle bundle;
    private final Map<String, Title> titles = new HashMap<>();

    private TitleFile(Bundle bundle) {
        this.bundle = bundle;
    }

    /** By item id; empty if there are none. A line that says nothing is left out. */
    static Map<String, Title> read(Bundle bundle) throws IOException {
        TitleFile file = new TitleFile(bundle);
        file.readDat();
        file.readCsv("movies.csv", List.of("movieId"));
        file.readCsv("books.csv", List.of("id", "book_id"));
        file.readItems();
        return Map.copyOf(file.titles);
    }

    private void readDat() throws IOException {
        for (String line : lines("movies.dat")) {
            String[] parts = line.split("::", -1);
            if (parts.length > 1) {
                titles.put(parts[0], new Title(parts[1], parts.length > 2 ? genres(parts[2]) : List.of()));
            }
        }
    }

    private void readItems() throws IOException {
        List<String> names = new ArrayList<>();
        for (String line : lines("u.genre")) {
            if (line.contains("|")) {
                names.add(line.substring(0, line.indexOf('|')));
            }
        }
        for (String line : lines("u.item")) {
            String[] parts = line.split("\\|", -1);
            if (parts.length > 1) {
                List<String> genres = new ArrayList<>();
                for (int i = 0; i < names.size() && BEFORE_FLAGS + i < parts.length; i++) {
                    if (parts[BEFORE_FLAGS + i].equals("1") && !names.get(i).equals("unknown")) {
                        genres.add(names.get(i));
                    }
                }
                titles.put(parts[0], new Title(parts[1], genres));
            }
        }
    }

    private void readCsv(String fileName, List<String> idNames) throws IOException {
        try (MappingIterator<String[]> rows = ROWS.readValues(text(fileName))) {
            List<String> header = rows.hasNext() ? Arrays.asList(rows.next()) : List.of();
            int id = idNames.stream()
                    .mapToInt(header::indexOf)
                    .filter(i -> i >= 0)
                    .findFirst()
                    .orElse(-1);
            int title = header.indexOf("title");
            int genres = header.indexOf("genres");
            int authors = header.indexOf("authors");
            while (id >= 0 && title >= 0 && rows.hasNext()) {
                String[] row = rows.next();
                if (row.length == header.size()) {
                    String by = authors < 0 ? "" : ", by " + row[authors].split(",", 2)[0];
                    titles.put(row[id], new Title(row[title] + by, genres < 0 ? List.of() : genres(row[genres])));
                }
            }
        }
    }

    private static List<String> genres(String text) {
        return text.isBlank() || text.equals(NO_GENRES) ? List.of() : List.of(text.split("\\|"));
    }

    private List<String> lines(String fileName) throws IOException {
        return text(fileName).lines().toList();
    }

    /** Of a file, in UTF-8 or Latin 1 as the older sets are; empty if there is no such file. */
    private String text(String fileName) throws IOException {
        Optional<String> name = bundle.find(fileName);
        if (name.isEmpty()) {
            return "";
        }
        byte[] bytes;
        try (InputStream in = bundle.open(name.get())) {
            bytes = in.readAllBytes();
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
