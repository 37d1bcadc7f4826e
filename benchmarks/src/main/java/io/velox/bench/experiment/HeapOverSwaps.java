package io.velox.bench.experiment;

import io.velox.bench.node.Metrics;
import io.velox.bench.node.StandaloneProcess;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What a Velox holds after each of some swaps. Confined to one thread. */
final class HeapOverSwaps {
    private static final double KIB = 1024;

    private final StandaloneProcess velox;
    private final List<Double> heap = new ArrayList<>();
    private final List<Double> features = new ArrayList<>();
    private final List<Double> seconds = new ArrayList<>();

    HeapOverSwaps(StandaloneProcess velox) {
        this.velox = velox;
    }

    /** Collects all garbage, and looks at what is left. */
    void sample() throws IOException {
        velox.collectGarbage();
        heap.add((double) velox.gcLog().usedAfterLastFull().orElseThrow());
        Metrics.Page metrics = velox.metrics().now();
        features.add((metrics.sum("velox_feature_cache_bytes") + metrics.sum("velox_feature_cache_warm_bytes")) / KIB);
    }

    void swapped(double took) {
        seconds.add(took);
    }

    /** {@code swaps} is for the names. */
    List<Figure> figures(int swaps) {
        double[] x = IntStream.range(0, heap.size()).asDoubleStream().toArray();
        double[] y = heap.stream().mapToDouble(d -> d).toArray();
        int last = heap.size() - 1;
        return List.of(
                Figure.exact("heapBefore" + swaps + "Swaps", "MiB", y[0]),
                Figure.exact("heapAfter" + swaps + "Swaps", "MiB", y[last]),
                Figure.of("heapPerSwap", "MiB", Estimate.slope(x, y)),
                Figure.exact("featuresBefore" + swaps + "Swaps", "KiB", features.get(0)),
                Figure.exact("featuresAfter" + swaps + "Swaps", "KiB", features.get(last)),
                Figure.of(
                        "seconds.swap",
                        "s",
                        Estimate.median(seconds.stream().mapToDouble(d -> d).toArray())));
    }

    Plot plot() {
        return new Plot("Heap after collection", "swaps", "MiB")
                .line(
                        "heap",
                        IntStream.range(0, heap.size()).asDoubleStream().toArray(),
                        heap.stream().mapToDouble(d -> d).toArray());
    }
}
