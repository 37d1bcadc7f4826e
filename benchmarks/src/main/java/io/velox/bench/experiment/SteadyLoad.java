package io.velox.bench.experiment;

import io.velox.bench.load.Barrage;
import io.velox.bench.load.Course;
import io.velox.bench.node.StolenTime;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What became of requests at one rate, over several rounds. */
final class SteadyLoad {
    /** What the figures are, for the notes of a result. */
    static final String NOTE =
            "half: at half of capacity, open loop; each request is timed from when it was due; half.windowP99: the median, and lowerQuartile,"
                    + " of the 99th percentiles of windows of " + Course.WINDOW.toMillis()
                    + " ms; errors: refused, failed and not sent; half.late: how long after it was due a request was sent";

    static final int DIGITS = 2;

    private final Barrage barrage;
    private final Histogram micros = new Histogram(DIGITS);
    private final Histogram lateMicros = new Histogram(DIGITS);
    private final Histogram windowP99 = new Histogram(DIGITS);
    private long errors;
    private double stolenShares;
    private int rounds;

    SteadyLoad(Barrage barrage) {
        this.barrage = barrage;
    }

    void round(double perSecond, Duration duration) throws IOException {
        StolenTime stolen = new StolenTime();
        Course course = barrage.steady(perSecond, duration);
        stolenShares += stolen.share();
        micros.add(course.micros());
        course.windows().forEach(window -> windowP99.recordValue(window.micros().getValueAtPercentile(99)));
        lateMicros.add(course.lateMicros());
        errors += course.failed() + course.refusedMicros().getTotalCount();
        rounds++;
    }

    /** Their names begin with the prefix. */
    List<Figure> figures(String prefix) {
        double median = Math.max(1, micros.getValueAtPercentile(50));
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.exact(prefix + "errors", "requests", (double) errors));
        figures.addAll(latencies(prefix, micros));
        figures.add(Figure.of(
                prefix + "p99Ratio", "", Estimate.percentile(micros, 99).times(1 / median)));
        figures.add(Figure.of(prefix + "half.windowP99", "us", Estimate.percentile(windowP99, 50)));
        figures.add(Figure.of(prefix + "half.windowP99.lowerQuartile", "us", Estimate.percentile(windowP99, 25)));
        figures.add(Figure.exact(prefix + "half.late.p99", "us", (double) lateMicros.getValueAtPercentile(99)));
        figures.add(Figure.exact(prefix + "half.stolenShare", "", stolenShares / rounds));
        return figures;
    }

    static List<Figure> latencies(String prefix, Histogram micros) {
        return List.of(
                Figure.of(prefix + "half.p50", "us", Estimate.percentile(micros, 50)),
                Figure.of(prefix + "half.p90", "us", Estimate.percentile(micros, 90)),
                Figure.of(prefix + "half.p99", "us", Estimate.percentile(micros, 99)),
                Figure.of(prefix + "half.p99.9", "us", Estimate.percentile(micros, 99.9)));
    }
}
