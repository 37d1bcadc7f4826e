package io.velox.bench.experiment;

import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import io.velox.client.Activation.Station;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * When things happened in a swap, in seconds of the load, and what it was like then.
 *
 * @param idle where the time without training begins
 * @param training where it ends
 * @param stations when the new version was first seen in each of its states
 * @param live the first answer of the new version
 * @param end a little after it
 * @param window seconds before and after {@code live}
 */
record SwapMoments(
        SwapLoad load,
        double idle,
        double training,
        Map<Station, Double> stations,
        double live,
        double end,
        double window) {
    private static final double STEP = 5;

    SwapMoments {
        stations = new EnumMap<>(stations);
    }

    private double at(Station station) {
        return stations.getOrDefault(station, live);
    }

    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        double begin = live - window / 2;
        double over = live + window / 2;
        figures.add(ratio("p99Ratio", load.all(begin, over), load.all(idle, training)));
        for (String operation : SwapLoad.RATES.keySet()) {
            figures.add(ratio(
                    "p99Ratio." + operation,
                    load.timing(operation).between(begin, over),
                    load.timing(operation).between(idle, training)));
        }
        hitRate("hitRateIdle", idle, training, figures);
        hitRate("hitRateBefore", live - window, live, figures);
        hitRate("hitRateAfter", live, live + window, figures);
        latencies("idle", idle, training, figures);
        latencies("training", training, at(Station.LOADING), figures);
        latencies("swap", begin, over, figures);
        latencies("after", live, live + window, figures);
        figures.add(Figure.exact("seconds.training", "s", at(Station.LOADING) - training));
        figures.add(Figure.exact("seconds.loading", "s", at(Station.REBASING) - at(Station.LOADING)));
        figures.add(Figure.exact("seconds.rebasing", "s", at(Station.JUDGING) - at(Station.REBASING)));
        figures.add(Figure.exact("seconds.judging", "s", live - at(Station.JUDGING)));
        return figures;
    }

    private static Figure ratio(String name, Histogram swap, Histogram idle) {
        Estimate above = Estimate.percentile(swap, 99);
        Estimate below = Estimate.percentile(idle, 99);
        return new Figure(
                name,
                "",
                above.value() / below.value(),
                above.low() / below.high(),
                above.high() / below.low(),
                above.n());
    }

    private void hitRate(String name, double from, double to, List<Figure> figures) {
        HitRates.Rate rate = load.hitRates().between(from, to);
        figures.add(new Figure(name, "", rate.value(), rate.value(), rate.value(), rate.lookups()));
    }

    private void latencies(String phase, double from, double to, List<Figure> figures) {
        for (String operation : SwapLoad.RATES.keySet()) {
            Histogram micros = load.timing(operation).between(from, to);
            for (int percentile : new int[] {50, 99}) {
                figures.add(Figure.of(
                        operation + ".p" + percentile + "." + phase,
                        "ms",
                        Estimate.percentile(micros, percentile).times(1e-3)));
            }
        }
    }

    List<Plot> plots() {
        return List.of(
                marked(latency("Latency, median", 50)),
                marked(latency("Latency, 99th percentile", 99)),
                marked(hitRate()));
    }

    private Plot latency(String title, double percentile) {
        Plot plot = new Plot(title, "s", "ms");
        double[] moments = moments();
        for (String operation : SwapLoad.RATES.keySet()) {
            double[] millis = new double[moments.length];
            for (int i = 0; i < moments.length; i++) {
                millis[i] = load.timing(operation)
                                .between(moments[i] - STEP, moments[i])
                                .getValueAtPercentile(percentile)
                        / 1e3;
            }
            plot.line(operation, moments, millis);
        }
        return plot;
    }

    private Plot hitRate() {
        double[] moments = moments();
        double[] rates = new double[moments.length];
        for (int i = 0; i < moments.length; i++) {
            rates[i] = load.hitRates().between(moments[i] - STEP, moments[i]).value();
        }
        return new Plot("Hit rate of the feature cache", "s", "").line("hits among lookups", moments, rates);
    }

    private double[] moments() {
        int count = (int) ((end - idle) / STEP);
        double[] moments = new double[count];
        for (int i = 0; i < count; i++) {
            moments[i] = idle + (i + 1) * STEP;
        }
        return moments;
    }

    private Plot marked(Plot plot) {
        return plot.mark("training", training)
                .mark("published", at(Station.LOADING))
                .mark("live", live);
    }
}
