package io.velox.bench.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The results of one benchmark, as they are kept in {@code benchmarks/results}.
 *
 * @param command as a person would type it
 * @param commit of the sources; ends in {@code -dirty} where files differed from it
 * @param versions of the engines, by name
 */
@JsonPropertyOrder({"name", "command", "commit", "date", "machine", "versions", "dataset", "figures", "notes"})
public record Report(
        String name,
        String command,
        String commit,
        Instant date,
        Machine machine,
        SortedMap<String, String> versions,
        Dataset dataset,
        List<Figure> figures,
        List<String> notes) {
    public Report {
        versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
        figures = List.copyOf(figures);
        notes = List.copyOf(notes);
        Set<String> names = new HashSet<>();
        for (Figure figure : figures) {
            if (!names.add(figure.name())) {
                throw new IllegalArgumentException("two figures are named " + figure.name());
            }
        }
    }
}
