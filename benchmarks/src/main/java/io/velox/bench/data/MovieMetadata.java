package io.velox.bench.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.velox.client.ratings.Bundle;
import io.velox.core.item.Metadata;
import io.velox.core.log.RecordCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * What a set of MovieLens says of its films: genres, year and title, out of movies.dat or movies.csv, and the tags that users gave them,
 * in lower case, where there is a tags.csv. Immutable.
 */
public record MovieMetadata(SortedMap<String, Metadata> films) {
    private static final Pattern TITLE = Pattern.compile("(.*?)\\s*\\((\\d{4})\\)\\s*");
    private static final String NO_GENRES = "(no genres listed)";

    /** Reads a zip file or folder. */
    public static MovieMetadata read(Path path) throws IOException {
        SortedMap<String, SortedMap<String, List<String>>> films = new TreeMap<>();
        try (Bundle bundle = Bundle.open(path)) {
            for (String[] row : rows(bundle, "movies")) {
                SortedMap<String, List<String>> fields = new TreeMap<>();
                Matcher title = TITLE.matcher(row[1]);
                boolean hasYear = title.matches();
                fields.put("title", List.of(hasYear ? title.group(1) : row[1]));
                fields.put("year", hasYear ? List.of(title.group(2)) : List.of());
                fields.put(
                        "genre",
                        row[2].isBlank() || row[2].equals(NO_GENRES) ? List.of() : List.of(row[2].split("\\|")));
                films.put(row[0], fields);
            }
            for (String[] row : rows(bundle, "tags")) {
                Optional.ofNullable(films.get(row[1]))
                        .ifPresent(fields -> fields.computeIfAbsent("tag", name -> new ArrayList<>())
                                .add(row[2].toLowerCase(Locale.ROOT)));
            }
        }
        SortedMap<String, Metadata> known = new TreeMap<>();
        films.forEach((film, fields) -> known.put(film, new Metadata(fields)));
        return new MovieMetadata(known);
    }

    /** Of {@code name.dat} or {@code name.csv}, without its header; none if there is neither. */
    private static List<String[]> rows(Bundle bundle, String name) throws IOException {
        Optional<String> dat = bundle.find(name + ".dat");
        if (dat.isPresent()) {
            return new String(bytes(bundle, dat.get()), ISO_8859_1)
                    .lines()
                    .map(line -> line.split("::", -1))
                    .toList();
        }
        Optional<String> csv = bundle.find(name + ".csv");
        if (csv.isEmpty()) {
            return List.of();
        }
        try (MappingIterator<String[]> rows = new CsvMapper()
                .readerFor(String[].class)
                .with(CsvParser.Feature.WRAP_AS_ARRAY)
                .readValues(new String(bytes(bundle, csv.get()), UTF_8))) {
            List<String[]> all = rows.readAll();
            return all.subList(Math.min(1, all.size()), all.size());
        }
    }

    private static byte[] bytes(Bundle bundle, String name) throws IOException {
        try (InputStream in = bundle.open(name)) {
            return in.readAllBytes();
        }
    }

    /** Those of one film; none of a film that the set does not know. */
    public Metadata of(String film) {
        return films.getOrDefault(film, Metadata.NONE);
    }

    /** Writes them as trainings take them. */
    public void write(Path file) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, Metadata> film : films.entrySet()) {
                out.write(RecordCodec.write(Map.of("item", film.getKey(), "metadata", film.getValue())));
                out.write('\n');
            }
        }
    }

    /** The names of the fields that films have. */
    public List<String> fields() {
        return films.values().stream()
                .flatMap(film -> film.fields().keySet().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
