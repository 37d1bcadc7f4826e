package io.velox.bench.experiment;

import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The samples of a soak, in the order of time. */
record SoakSamples(List<SoakSample> samples) {
    /** The share of the time in which caches fill and code is compiled. */
    static final double WARM_UP = 0.1;

    private static final int FEWEST_FOR_A_SLOPE = 3;

    SoakSamples {
        samples = List.copyOf(samples);
    }

    /** The median of everything after the warm-up, and how it grew by the hour. */
    List<Figure> figures() {
        double end = samples.get(samples.size() - 1).hours();
        List<Figure> figures = new ArrayList<>();
        SoakSample.UNITS.forEach((name, unit) -> {
            List<SoakSample> seen = samples.stream()
                    .filter(s -> s.hours() >= WARM_UP * end && Double.isFinite(s.value(name)))
                    .toList();
            if (seen.isEmpty()) {
                throw new IllegalStateException("there is no sample of " + name + "; let it run longer");
            }
            double[] values = seen.stream().mapToDouble(s -> s.value(name)).toArray();
            figures.add(Figure.of(name, unit, Estimate.median(values)));
            if (values.length >= FEWEST_FOR_A_SLOPE) {
                double[] hours = seen.stream().mapToDouble(SoakSample::hours).toArray();
                figures.add(Figure.of(name + ".slope", unit + " per hour", Estimate.slope(hours, values)));
            }
        });
        return figures;
    }

    /** All samples, in a table with a header; empty where something was not looked at. */
    void writeCsv(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("hours," + String.join(",", SoakSample.UNITS.keySet()));
        for (SoakSample sample : samples) {
            lines.add(String.format(Locale.ROOT, "%.5f,", sample.hours())
                    + SoakSample.UNITS.keySet().stream()
                            .map(name -> text(sample.value(name)))
                            .collect(Collectors.joining(",")));
        }
        Files.write(file, lines);
    }

    private static String text(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "";
    }

    List<Plot> plots() {
        List<Plot> plots = new ArrayList<>();
        plots.add(plot("Memory", "MiB", "heapAfterCollection", "resident"));
        plots.add(plot("Handles", "", "openFiles", "threads"));
        plots.add(plot("Disk", "MiB", "disk", "disk.log", "disk.archive"));
        plots.add(plot("Files on disk", "files", "files", "files.archive"));
        plots.add(plot("Not yet applied", "observations", "consumerLag"));
        plots.add(plot("Failed requests, in all", "requests", "errors"));
        plots.add(plot("Latency, median", "ms", "observe.p50", "read.p50"));
        plots.add(plot("Latency, 99th percentile", "ms", "observe.p99", "read.p99"));
        return plots;
    }

    private Plot plot(String title, String unit, String... names) {
        Plot plot = new Plot(title, "minutes", unit);
        for (String name : names) {
            List<SoakSample> seen =
                    samples.stream().filter(s -> Double.isFinite(s.value(name))).toList();
            plot.line(
                    name,
                    seen.stream().mapToDouble(s -> 60 * s.hours()).toArray(),
                    seen.stream().mapToDouble(s -> s.value(name)).toArray());
        }
        return plot;
    }
}
