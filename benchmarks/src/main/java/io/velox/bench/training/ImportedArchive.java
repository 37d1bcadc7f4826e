package io.velox.bench.training;

import io.velox.bench.Setting;
import io.velox.bench.data.RatingLines;
import io.velox.bench.data.RatingTable;
import io.velox.bench.load.BulkUpload;
import io.velox.bench.node.Ends;
import io.velox.bench.node.StandaloneProcess;
import io.velox.bench.node.Waiting;
import io.velox.core.log.LogCut;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
import io.velox.core.store.ObservationArchive;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A store with nothing but the archive of ratings that were imported through the front door of a Velox that has ended since.
 *
 * @param cuts the log up to the end of each part of the import
 */
public record ImportedArchive(URI store, List<LogCut> cuts) {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final String JAVA_OPTIONS = "-Xmx2g -XX:+UseG1GC";

    public ImportedArchive {
        cuts = List.copyOf(cuts);
    }

    /**
     * Imports.
     *
     * @param folder for the data of Velox, which holds the store
     * @param parts rows of the table, in the order in which they are sent
     */
    public static ImportedArchive of(Setting setting, Path folder, RatingTable ratings, List<int[]> parts)
            throws Exception {
        Map<String, String> settings = setting.veloxSettings(Map.of("VELOX_JAVA_OPTIONS", JAVA_OPTIONS));
        List<LogCut> cuts = new ArrayList<>();
        try (StandaloneProcess velox = StandaloneProcess.start(setting.home(), folder, settings);
                Ends ends = new Ends(velox.kafka())) {
            BulkUpload upload = new BulkUpload(velox.api());
            int sent = 0;
            for (int[] rows : parts) {
                var unused = upload.send(new RatingLines(ratings, rows, 0, rows.length), rows.length, sent + 1);
                sent += rows.length;
                cuts.add(ends.cut());
                setting.say(sent + " ratings are in the log");
            }
            URI store = velox.dataDirectory().resolve("store").toUri();
            LogCut end = cuts.get(cuts.size() - 1);
            try (ModelStore opened = ModelStore.open(store, Map.of())) {
                ObservationArchive archive = new ObservationArchive(opened);
                Waiting.until("the archive up to " + end, LONGEST, POLL, () -> covers(archive.current(), end));
            }
            return new ImportedArchive(store, cuts);
        }
    }

    /** The job writes a partition's files in their order. */
    private static boolean covers(List<ArchiveFile> files, LogCut cut) {
        return cut.endOffsets().entrySet().stream()
                .allMatch(end -> end.getValue() == 0
                        || files.stream()
                                .anyMatch(
                                        file -> file.partition() == end.getKey() && file.last() >= end.getValue() - 1));
    }
}
