package io.velox.bench.experiment;

import io.velox.bench.load.OpenLoop;
import io.velox.bench.node.Ends;
import io.velox.bench.node.FolderUsage;
import io.velox.bench.node.ProcessProbe;
import io.velox.bench.node.StandaloneProcess;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Velox at one moment of a soak.
 *
 * @param values by name; NaN where it was not looked at
 */
record SoakSample(double hours, Map<String, Double> values) {
    private static final double MIB = 1 << 20;

    /** What is looked at, in the order of the file of samples, with its unit. */
    static final Map<String, String> UNITS = units();

    private static Map<String, String> units() {
        Map<String, String> units = new LinkedHashMap<>();
        units.put("heapAfterCollection", "MiB");
        units.put("resident", "MiB");
        units.put("openFiles", "files");
        units.put("threads", "threads");
        units.put("disk", "MiB");
        units.put("disk.log", "MiB");
        units.put("disk.archive", "MiB");
        units.put("files", "files");
        units.put("files.archive", "files");
        units.put("consumerLag", "observations");
        units.put("observe.p50", "ms");
        units.put("observe.p99", "ms");
        units.put("read.p50", "ms");
        units.put("read.p99", "ms");
        units.put("errors", "requests");
        return units;
    }

    /** @param isCollected whether all garbage was collected just before */
    static SoakSample take(
            double hours,
            boolean isCollected,
            StandaloneProcess velox,
            Ends ends,
            OpenLoop observations,
            OpenLoop reads)
            throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        ProcessProbe.Usage usage = new ProcessProbe(velox.pid()).now();
        FolderUsage disk = FolderUsage.of(velox.dataDirectory());
        FolderUsage archive = FolderUsage.of(velox.dataDirectory().resolve("store/observations"));
        values.put(
                "heapAfterCollection",
                isCollected ? (double) velox.gcLog().usedAfterLastFull().orElseThrow() : Double.NaN);
        values.put("resident", usage.residentBytes() / MIB);
        values.put("openFiles", (double) usage.openFiles());
        values.put("threads", (double) usage.threads());
        values.put("disk", disk.bytes() / MIB);
        FolderUsage log = FolderUsage.of(velox.dataDirectory().resolve("kafka"));
        values.put("disk.log", log.bytes() / MIB);
        values.put("disk.archive", archive.bytes() / MIB);
        values.put("files", (double) disk.files());
        values.put("files.archive", (double) archive.files());
        values.put("consumerLag", (double) ends.now().lag());
        latencies("observe", observations, values);
        latencies("read", reads, values);
        values.put("errors", (double) (observations.failed() + reads.failed()));
        return new SoakSample(hours, values);
    }

    private static void latencies(String name, OpenLoop loop, Map<String, Double> values) {
        Histogram micros = loop.sinceLast();
        for (int percentile : new int[] {50, 99}) {
            boolean isAnswered = micros.getTotalCount() > 0;
            values.put(
                    name + ".p" + percentile,
                    isAnswered ? micros.getValueAtPercentile(percentile) / 1_000.0 : Double.NaN);
        }
    }

    double value(String name) {
        return values.getOrDefault(name, Double.NaN);
    }
}
