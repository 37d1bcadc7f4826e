package io.velox.bench.experiment;

import io.velox.bench.node.ProcessProbe;
import io.velox.bench.node.StandaloneProcess;
import io.velox.bench.report.Estimate;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Plot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The memory of Velox and of the process that loads it, while observations go in. Sampled by one thread, read when that has ended. */
final class MemoryOverProgress {
    private static final double MIB = 1 << 20;

    private final StandaloneProcess velox;
    private final ProcessProbe server;
    private final ProcessProbe client = new ProcessProbe(ProcessHandle.current().pid());
    private final List<Sample> samples = new ArrayList<>();
    private volatile long observations;

    /** MiB at a number of observations. */
    private record Sample(double millions, double resident, double heap, double clientResident) {}

    MemoryOverProgress(StandaloneProcess velox) {
        this.velox = velox;
        this.server = new ProcessProbe(velox.pid());
    }

    void progress(long applied) {
        observations = applied;
    }

    synchronized void sample() {
        try {
            samples.add(new Sample(
                    observations / 1e6,
                    server.now().residentBytes() / MIB,
                    velox.gcLog().usedAfterLast().orElse(0),
                    client.now().residentBytes() / MIB));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized List<Figure> figures(String suffix) {
        List<Figure> figures = new ArrayList<>();
        add(figures, "memory.velox.resident", suffix, Sample::resident);
        add(figures, "memory.velox.heapAfterCollection", suffix, Sample::heap);
        add(figures, "memory.client.resident", suffix, Sample::clientResident);
        return figures;
    }

    private void add(List<Figure> figures, String name, String suffix, ToDoubleFunction<Sample> value) {
        List<Sample> second = samples.subList(samples.size() / 2, samples.size());
        double[] y = second.stream().mapToDouble(value).toArray();
        figures.add(Figure.of(name + suffix, "MiB", Estimate.median(y)));
        figures.add(Figure.exact(
                name + ".highest" + suffix,
                "MiB",
                samples.stream().mapToDouble(value).max().orElseThrow()));
        if (second.size() > 2) {
            double[] x = second.stream().mapToDouble(Sample::millions).toArray();
            figures.add(Figure.of(name + ".slope" + suffix, "MiB per million", Estimate.slope(x, y)));
        }
    }

    synchronized Plot plot(String title) {
        double[] x = samples.stream().mapToDouble(Sample::millions).toArray();
        return new Plot(title, "million observations", "MiB")
                .line("Velox, resident", x, column(Sample::resident))
                .line("Velox, heap after collection", x, column(Sample::heap))
                .line("client, resident", x, column(Sample::clientResident));
    }

    private double[] column(ToDoubleFunction<Sample> value) {
        return samples.stream().mapToDouble(value).toArray();
    }
}
