package io.velox.bench.report;

import java.util.List;
import java.util.stream.Collectors;

/** The ratings that a benchmark used; {@code sha256} of its file, or of the ratings themselves where they are generated. */
public record Dataset(String name, String sha256, long ratings) {
    /** Several, in a benchmark that uses more than one. */
    public static Dataset all(List<Dataset> datasets) {
        return new Dataset(
                datasets.stream().map(Dataset::name).collect(Collectors.joining("; ")),
                datasets.stream().map(Dataset::sha256).collect(Collectors.joining("; ")),
                datasets.stream().mapToLong(Dataset::ratings).sum());
    }
}
