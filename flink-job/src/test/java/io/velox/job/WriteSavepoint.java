package io.velox.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.VersionState;
import io.velox.core.model.LinearModel;
import io.velox.core.model.ModelKind;
import io.velox.core.model.VeloxModel;
import io.velox.core.store.ModelStore;
import io.velox.job.catalogue.CatalogueRecord;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keeps the job's state, as this build writes it, as a test resource. It is no test of the build: run it by name, once, before a schema of the
 * state changes, and commit what it writes: {@code mvn -pl flink-job -am -Dtest=WriteSavepoint
 * -Dsurefire.failIfNoSpecifiedTests=false test}.
 */
class WriteSavepoint {
    private static final Path RESOURCES = Path.of("src/test/resources/savepoints");

    @TempDir
    Path folder;

    @Test
    void writeTheNextSavepoint() throws Exception {
        SavepointScript script = new SavepointScript();
        SavepointFile file = new SavepointFile(folder);
        List<CatalogueRecord> catalogue = new ArrayList<>();
        try (ModelStore store = TestStore.open(file.store())) {
            for (VeloxModel model : script.models()) {
                catalogue.add(live(model, TestStore.write(store, model), catalogue.size()));
            }
        }
        try (JobCluster cluster = new JobCluster(file.store().toUri(), Map.of())) {
            JobID job = cluster.start(
                    MemoryEnds.of("log-before-the-savepoint", script.log(), catalogue),
                    SavepointRestoreSettings.none());
            Await.until(
                    "everything is learnt",
                    () -> MemoryEnds.UPDATES.size() >= script.log().size());
            String path = cluster.cluster()
                    .stopWithSavepoint(
                            job, folder.resolve("taken").toUri().toString(), false, SavepointFormatType.CANONICAL)
                    .get(60, TimeUnit.SECONDS);
            Files.move(Path.of(URI.create(path)), file.savepoint());
        }
        deleteRecursively(folder.resolve("taken"));
        deleteRecursively(file.store().resolve("checkpoints"));
        file.write(script.saved());
        Path zip = RESOURCES.resolve("schema-" + nextNumber() + ".zip");
        file.pack(zip);
        assertThat(zip).isNotEmptyFile();
    }

    static CatalogueRecord live(VeloxModel model, String manifest, int position) {
        ModelKind kind = model instanceof LinearModel ? ModelKind.LINEAR : ModelKind.ALS;
        CatalogueEntry.Version version = new CatalogueEntry.Version(
                model.id().version(), VersionState.ACTIVE, manifest, Instant.EPOCH, Instant.EPOCH, null);
        return new CatalogueRecord(
                position, CatalogueEntry.of(model.id().model(), kind).with(version));
    }

    private static long nextNumber() throws Exception {
        if (!Files.exists(RESOURCES)) {
            return 1;
        }
        try (Stream<Path> files = Files.list(RESOURCES)) {
            return files.filter(f -> f.toString().endsWith(".zip")).count() + 1;
        }
    }

    private static void deleteRecursively(Path path) throws Exception {
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
