package io.velox.job.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.VersionState;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.job.TestModels;
import io.velox.job.TestStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class CatalogueLoaderTest {
    private static final ModelVersion ONE = new ModelVersion("als", 1);

    /** Static, because operators are serialised. */
    private static volatile boolean isStoreAway;

    private static volatile Catalogue newest = new Catalogue(Map.of());

    @Test
    void aVersionIsSentOnceHoweverOftenItsEntryChanges() throws Exception {
        try (var loader = start(Map.of(), null)) {
            loader.processElement(record(1, VersionState.PUBLISHED), 0);
            loader.processElement(record(2, VersionState.REBASING), 0);
            loader.processElement(record(3, VersionState.ACTIVE), 0);
            assertThat(sent(loader)).containsExactly("Block", "Complete");
            loader.processElement(record(4, VersionState.RETIRED), 0);
            loader.processElement(record(5, VersionState.PUBLISHED), 0);
            assertThat(sent(loader)).containsExactly("Block", "Complete", "Dropped", "Block", "Complete");
        }
    }

    @Test
    void restoredItSendsNothingAgain() throws Exception {
        OperatorSubtaskState state;
        try (var loader = start(Map.of(), null)) {
            loader.processElement(record(1, VersionState.PUBLISHED), 0);
            state = loader.snapshot(1, 1);
        }
        try (var loader = start(Map.of(), state)) {
            loader.processElement(record(2, VersionState.ACTIVE), 0);
            assertThat(sent(loader)).isEmpty();
        }
    }

    @Test
    void entriesThatWereOvertakenBeforeTheStartArePassedOver() throws Exception {
        try (var loader = start(Map.of("als", record(3, VersionState.RETIRED)), null)) {
            loader.processElement(record(1, VersionState.PUBLISHED), 0);
            loader.processElement(record(2, VersionState.ACTIVE), 0);
            loader.processElement(record(3, VersionState.RETIRED), 0);
            assertThat(sent(loader)).containsExactly("Dropped");
        }
    }

    @Test
    void whileTheStoreIsAwayTheChangeWaitsAndIsTriedAgain() throws Exception {
        try (var loader = start(Map.of(), null)) {
            isStoreAway = true;
            loader.processElement(record(1, VersionState.PUBLISHED), 0);
            assertThat(sent(loader)).isEmpty();
            loader.setProcessingTime(2_000);
            assertThat(sent(loader)).isEmpty();
            isStoreAway = false;
            loader.setProcessingTime(4_000);
            assertThat(sent(loader)).containsExactly("Block", "Complete");
        }
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, CatalogueRecord, CatalogueElement> start(
            Map<String, CatalogueRecord> now, OperatorSubtaskState state) throws Exception {
        isStoreAway = false;
        newest = new Catalogue(now);
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new CatalogueLoader(() -> newest, CatalogueLoaderTest::read)),
                CatalogueRecord::model,
                Types.STRING);
        harness.setup(CatalogueElementSerializer.INSTANCE);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private static List<CatalogueElement.OfVersion> read(ModelVersion version, String manifest, long position) {
        if (isStoreAway) {
            throw new VeloxException(ErrorCode.STORE_UNAVAILABLE, "away on purpose");
        }
        var model = TestModels.factors(version, 2, List.of("a"), new Random(1));
        return List.of(
                new CatalogueElement.Block(
                        version, position, 0, model.factors().blocks().get(0)),
                new CatalogueElement.Complete(TestStore.manifest(model, List.of()), position, 1));
    }

    private static List<String> sent(
            KeyedOneInputStreamOperatorTestHarness<String, CatalogueRecord, CatalogueElement> loader) {
        return loader.extractOutputValues().stream()
                .map(element -> element.getClass().getSimpleName())
                .toList();
    }

    private static CatalogueRecord record(long position, VersionState state) {
        CatalogueEntry.Version version =
                new CatalogueEntry.Version(ONE.version(), state, "m", Instant.EPOCH, null, null);
        return new CatalogueRecord(
                position, CatalogueEntry.of(ONE.model(), ModelKind.ALS).with(version));
    }
}
