package io.velox.bench.experiment;

import io.velox.bench.load.Course;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/** What became of requests before, during and after an overload. */
record OverloadCourse(Course before, Course during, Course after) {
    private static final double WINDOW_SECONDS = Course.WINDOW.toNanos() / 1e9;
    private static final double P99 = 99;
    /** As many windows in a row must be as before. */
    private static final int RECOVERED = 4;

    List<Figure> figures(double capacity, double inARow) {
        double[] shares = during.windows().stream()
                .mapToDouble(window -> window.micros().getTotalCount() / WINDOW_SECONDS / capacity)
                .toArray();
        long answered = during.micros().getTotalCount();
        long refused = during.refusedMicros().getTotalCount();
        List<Figure> figures = new ArrayList<>(List.of(
                Figure.exact(
                        "offered",
                        "requests/s",
                        (answered + refused + during.failed())
                                / (during.windows().size() * WINDOW_SECONDS)),
                Figure.of("goodputShare", "", Estimate.mean(shares)),
                Figure.of("goodputShareInARow", "", Estimate.mean(shares).times(capacity / inARow)),
                Figure.exact("refusedShare", "", (double) refused / (answered + refused + during.failed())),
                Figure.exact(
                        "refused.withRetryAfterShare",
                        "",
                        refused == 0 ? 0 : 1 - (double) during.refusedWithoutRetry() / refused),
                Figure.exact("failed", "requests", (double) during.failed()),
                Figure.exact("recoverySeconds", "s", recoverySeconds()),
                Figure.exact("before.errors", "requests", (double) errors(before))));
        figures.addAll(latencies("before", before.micros()));
        figures.addAll(latencies("during", during.micros()));
        if (refused > 0) {
            figures.addAll(latencies("refused", during.refusedMicros()));
        }
        figures.addAll(latencies("after", after.micros()));
        figures.add(Figure.exact("generator.late.p99", "ms", during.lateMicros().getValueAtPercentile(P99) * 1e-3));
        figures.add(Figure.exact("generator.idleShare", "", during.idleShare()));
        return figures;
    }

    private static List<Figure> latencies(String name, Histogram micros) {
        return Stream.of(50.0, P99)
                .map(percentile -> Figure.of(
                        name + ".p" + Math.round(percentile),
                        "ms",
                        Estimate.percentile(micros, percentile).times(1e-3)))
                .toList();
    }

    private static long errors(Course course) {
        return course.failed() + course.refusedMicros().getTotalCount();
    }

    /** The whole time after it where it never came to that. */
    double recoverySeconds() {
        long worst =
                before.windows().stream().mapToLong(OverloadCourse::p99).max().orElse(0);
        int inARow = 0;
        for (int i = 0; i < after.windows().size(); i++) {
            inARow = isAsBefore(after.windows().get(i), worst) ? inARow + 1 : 0;
            if (inARow == RECOVERED) {
                return (i + 1 - RECOVERED) * WINDOW_SECONDS;
            }
        }
        return after.windows().size() * WINDOW_SECONDS;
    }

    private static boolean isAsBefore(Course.Window window, long worst) {
        return window.failed() == 0 && window.refusedMicros().getTotalCount() == 0 && p99(window) <= worst;
    }

    private static long p99(Course.Window window) {
        return window.micros().getValueAtPercentile(P99);
    }

    void plot(Path file) throws IOException {
        List<Course.Window> all = Stream.of(before, during, after)
                .flatMap(course -> course.windows().stream())
                .toList();
        double[] seconds = new double[all.size()];
        double[] answered = new double[all.size()];
        double[] refused = new double[all.size()];
        double[] p99 = new double[all.size()];
        for (int i = 0; i < all.size(); i++) {
            seconds[i] = i * WINDOW_SECONDS;
            answered[i] = all.get(i).micros().getTotalCount() / WINDOW_SECONDS;
            refused[i] = all.get(i).refusedMicros().getTotalCount() / WINDOW_SECONDS;
            p99[i] = p99(all.get(i)) * 1e-3;
        }
        double begin = before.windows().size() * WINDOW_SECONDS;
        double end = begin + during.windows().size() * WINDOW_SECONDS;
        Plot.write(
                file,
                List.of(
                        new Plot("requests due in a quarter of a second", "s", "requests/s")
                                .line("answered", seconds, answered)
                                .line("refused", seconds, refused)
                                .mark("overload", begin)
                                .mark("its end", end),
                        new Plot("99th percentile of what is answered", "s", "ms")
                                .line("p99", seconds, p99)
                                .mark("overload", begin)
                                .mark("its end", end)));
    }
}
