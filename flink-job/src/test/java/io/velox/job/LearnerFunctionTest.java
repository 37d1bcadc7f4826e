package io.velox.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.item.ItemRating;
import io.velox.core.learn.DelayHistogram;
import io.velox.core.learn.LossMoments;
import io.velox.core.log.CatalogueEntry;
import io.velox.core.log.HealthRecord;
import io.velox.core.log.UserRecord;
import io.velox.core.log.UserUpdate;
import io.velox.core.log.VersionState;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelKind;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.ModelStore;
import io.velox.core.user.Revision;
import io.velox.core.user.UserWeights;
import io.velox.job.catalogue.Catalogue;
import io.velox.job.catalogue.CatalogueElement;
import io.velox.job.catalogue.CatalogueElement.OfVersion;
import io.velox.job.catalogue.CatalogueRecord;
import io.velox.job.catalogue.LoadedVersions;
import io.velox.job.catalogue.StoredVersionReader;
import io.velox.job.item.ItemContribution;
import io.velox.job.log.LogRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnerFunctionTest {
    private static final ModelVersion ONE = new ModelVersion("als", 1);
    private static final ModelVersion TWO = new ModelVersion("als", 2);

    /** What the catalogue topic says when an operator opens; static, because operators are serialised. */
    private static volatile Catalogue catalogueNow = new Catalogue(Map.of());

    @TempDir
    Path folder;

    private final RandomGenerator random = Seeds.random();
    private final MatrixFactorModel one = TestModels.factors(ONE, 4, ids(0, 1500), random);
    private final MatrixFactorModel two = TestModels.factors(TWO, 3, ids(10, 30), random);
    private final Map<Item, Double> labels = new HashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private LearnerSettings settings = new LearnerSettings(1 << 20, 1 << 20, false);
    private ModelStore store;
    private KeyedBroadcastOperatorTestHarness<String, LogRecord, CatalogueElement, UserUpdate> job;
    private long offset;

    @BeforeEach
    void writeVersions() throws Exception {
        catalogueNow = new Catalogue(Map.of());
        store = TestStore.open(folder);
        TestStore.write(store, one);
        TestStore.write(store, two);
        job = start(null);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable harness : open) {
            harness.close();
        }
    }

    @Test
    void aBroadcastVersionIsLearntInAndReported() throws Exception {
        broadcast(ONE, 5);
        assertThat(reportedVersions()).containsExactly("als/1");
        observe("i3", 4);
        observe("i7", 2);
        checkWeights(one);
        beat();
        assertThat(lastReport().versions().get(0).loss().count()).isEqualTo(2);
        assertThat(lastReport().job()).hasSize(32);
    }

    @Test
    void everyRecordIsPublishedWithTheRevisionThatItFollows() throws Exception {
        broadcast(ONE, 5);
        observe("i3", 4);
        process(new UserRecord.Withdrawn("u", Item.ofId("i999")));
        process(new UserRecord.Forgotten("u"));
        List<UserUpdate> updates = job.extractOutputValues();
        assertThat(updates).hasSize(3);
        assertThat(updates.get(0).follows()).isNull();
        assertThat(updates.get(0).learnt()).isPresent();
        assertThat(updates.get(1).follows()).isEqualTo(updates.get(0).model().revision());
        assertThat(updates.get(1).learnt()).isEmpty();
        assertThat(updates.get(2).model().forgotten()).isTrue();
    }

    @Test
    void nothingIsKeptOfAUserWhoIsErased() throws Exception {
        broadcast(ONE, 5);
        observe("i3", 4);
        process(new UserRecord.Forgotten("u"));
        process(new UserRecord.Erased("u"));
        observe("i7", 2);
        List<UserUpdate> updates = job.extractOutputValues();
        assertThat(updates).as("an erasure is no update").hasSize(3);
        assertThat(updates.get(2).follows()).as("what was known before").isNull();
        assertThat(updates.get(2).model().historySize()).isEqualTo(1);
    }

    @Test
    void anErasureDoesNotTouchAUserWhoHasComeBack() throws Exception {
        broadcast(ONE, 5);
        process(new UserRecord.Forgotten("u"));
        observe("i3", 4);
        process(new UserRecord.Erased("u"));
        observe("i7", 2);
        assertThat(job.extractOutputValues().get(2).model().historySize()).isEqualTo(2);
        checkWeights(one);
    }

    @Test
    void whatIsSaidOfItemsThatAVersionDoesNotKnowGoesToTheItems() throws Exception {
        broadcast(ONE, 5);
        observe("i3", 4);
        observe("new", 2);
        assertThat(ofItems()).singleElement().satisfies(said -> {
            assertThat(said.key()).isEqualTo("als/1/new");
            assertThat(said.uid()).isEqualTo("u");
            assertThat(said.revision()).isEqualTo(new Revision(0, 1, offset));
            ItemRating rating = said.rating();
            assertThat(rating.weights()).containsExactly(weights(ONE));
            assertThat(rating.label()).isEqualTo(2);
            assertThat(rating.variance()).isEqualTo(one.noise());
        });
        observe("new", 5);
        assertThat(ofItems()).hasSize(2);
        assertThat(ofItems().get(1).rating().label()).isEqualTo(5);
        process(new UserRecord.Withdrawn("u", Item.ofId("new")));
        process(new UserRecord.Withdrawn("u", Item.ofId("i3")));
        process(new UserRecord.Withdrawn("u", Item.ofId("never rated")));
        assertThat(ofItems()).hasSize(3);
        assertThat(ofItems().get(2).rating()).isNull();
        assertThat(ofItems().get(2).key()).isEqualTo("als/1/new");
    }

    @Test
    void whoIsForgottenTakesBackWhatWasSaidOfNewItems() throws Exception {
        broadcast(ONE, 5);
        broadcast(TWO, 6);
        observe("i3", 4); // unknown to the second version
        observe("new", 2);
        int before = ofItems().size();
        assertThat(before).isEqualTo(3);
        process(new UserRecord.Forgotten("u"));
        assertThat(ofItems().subList(before, ofItems().size()))
                .allMatch(said -> said.rating() == null)
                .extracting(ItemContribution::key)
                .containsExactlyInAnyOrder("als/1/new", "als/2/new", "als/2/i3");
    }

    @Test
    void whoIsRebasedSaysOfNewItemsInTheNewVersionWhatTheHistoryHas() throws Exception {
        broadcast(ONE, 5);
        observe("i3", 4);
        observe("new", 2);
        broadcast(TWO, 6);
        int before = ofItems().size();
        process(new UserRecord.Rebased("u", "als", 2, ModelStore.manifestAddress(TWO)));
        assertThat(ofItems().subList(before, ofItems().size()))
                .allMatch(said -> Arrays.equals(said.rating().weights(), weights(TWO)))
                .extracting(ItemContribution::key)
                .containsExactlyInAnyOrder("als/2/new", "als/2/i3");
    }

    @Test
    void restoredStateGoesOnWhereItWas() throws Exception {
        broadcast(ONE, 5);
        for (int i = 0; i < 30; i++) {
            observe("i" + i, i % 5);
        }
        restart();
        observe("i40", 3);
        observe("i2", 1); // again
        checkWeights(one);
        assertThat(labels).hasSize(31);
        beat();
        assertThat(lastReport().versions().get(0).loss().count()).isEqualTo(32);
    }

    @Test
    void healthIsReportedOfPairsPoolDelaysAndWorstUsersAndGoesOnAfterARestart() throws Exception {
        broadcast(ONE, 5);
        broadcast(TWO, 6);
        for (int i = 12; i < 20; i++) {
            observe("i" + i, i % 2 * 5);
        }
        process(new UserRecord.Observed("v", Item.ofId("i13"), 3, 1_000, null, "uniform:a1"));
        beat();
        HealthRecord before = lastReport();
        assertThat(before.versions()).hasSize(2).allSatisfy(v -> {
            assertThat(v.loss().count()).isEqualTo(9);
            assertThat(v.loss().squares()).isPositive();
            assertThat(v.validation().count()).isEqualTo(1);
            assertThat(v.worst()).singleElement().satisfies(w -> {
                assertThat(w.uid()).isEqualTo("u");
                assertThat(w.count()).isEqualTo(8);
            });
        });
        assertThat(before.pairs()).singleElement().satisfies(pair -> {
            assertThat(pair.loss().count()).isEqualTo(9);
            assertThat(pair.loss().first())
                    .isEqualTo(before.versions().get(0).loss().sum());
            assertThat(pair.loss().second())
                    .isEqualTo(before.versions().get(1).loss().sum());
        });
        assertThat(DelayHistogram.decode(before.delays()).count()).isEqualTo(9);
        restart();
        beat();
        assertThat(lastReport().pairs()).isEqualTo(before.pairs());
        assertThat(lastReport().delays()).isEqualTo(before.delays());
        assertThat(lastReport().versions()).isEqualTo(before.versions());
    }

    @Test
    void aForgottenUserLeavesTheWorstAtOnce() throws Exception {
        broadcast(ONE, 5);
        for (int i = 12; i < 20; i++) {
            observe("i" + i, i % 2 * 5);
        }
        beat();
        assertThat(lastReport().versions().get(0).worst()).hasSize(1);
        process(new UserRecord.Forgotten("u"));
        beat();
        assertThat(lastReport().versions().get(0).worst()).isEmpty();
    }

    @Test
    void afterAChangeOfParallelismTotalsAreWholeAndEachUserIsKnownToOneSubtask() throws Exception {
        broadcast(ONE, 5);
        List<String> users = IntStream.range(0, 8).mapToObj(u -> "user" + u).toList();
        for (String uid : users) {
            for (int i = 0; i < 6; i++) {
                process(new UserRecord.Observed(uid, Item.ofId("i" + i), i % 5, 1_000, null, "uniform:a"));
            }
        }
        beat();
        HealthRecord.Version before = lastReport().versions().get(0);
        assertThat(before.worst()).hasSize(8);
        OperatorSubtaskState one = job.snapshot(1, 1);

        List<OperatorSubtaskState> halves = new ArrayList<>();
        LossMoments loss = LossMoments.NONE;
        LossMoments validation = LossMoments.NONE;
        long delays = 0;
        List<String> worst = new ArrayList<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            job = start(AbstractStreamOperatorTestHarness.repartitionOperatorState(one, 16, 1, 2, subtask), 2, subtask);
            beat();
            HealthRecord.Version half = lastReport().versions().get(0);
            loss = loss.plus(half.loss());
            validation = validation.plus(half.validation());
            delays += lastReport().delays() == null
                    ? 0
                    : DelayHistogram.decode(lastReport().delays()).count();
            half.worst().forEach(user -> worst.add(user.uid()));
            halves.add(job.snapshot(2, 2));
        }
        assertThat(loss).isEqualTo(before.loss());
        assertThat(validation).isEqualTo(before.validation());
        assertThat(delays).isEqualTo(48);
        assertThat(worst).containsExactlyInAnyOrderElementsOf(users);

        OperatorSubtaskState both = AbstractStreamOperatorTestHarness.repackageState(halves.get(0), halves.get(1));
        job = start(AbstractStreamOperatorTestHarness.repartitionOperatorState(both, 16, 2, 1, 0), 1, 0);
        beat();
        assertThat(lastReport().versions()).containsExactly(before);
        assertThat(DelayHistogram.decode(lastReport().delays()).count()).isEqualTo(48);
    }

    /** Caches are empty after a restart, and nothing else may be. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyHistoryIsLearntAcrossRestarts(boolean someModelAccumulates) throws Exception {
        settings = new LearnerSettings(1 << 20, 1 << 20, someModelAccumulates);
        job = start(null);
        broadcast(ONE, 5);
        ExpectedHistory expected = new ExpectedHistory();
        RandomHistory records = new RandomHistory("u", 40, random);
        for (int i = 0; i < 150; i++) {
            if (i % 20 == 10) {
                restart();
            }
            UserRecord record = records.next();
            boolean isLearnt = expected.apply(record, someModelAccumulates);
            process(record);
            UserUpdate update =
                    job.extractOutputValues().get(job.extractOutputValues().size() - 1);
            assertThat(update.learnt().isPresent()).as("learnt %s", record).isEqualTo(isLearnt);
            expected.checkWeights(update.model(), List.of(one));
        }
    }

    @Test
    void recordsAtOrBeforeTheUsersRevisionAreSkipped() throws Exception {
        broadcast(ONE, 5);
        observe("i1", 1);
        observe("i2", 2);
        restart();
        for (long replayed = 1; replayed <= offset; replayed++) {
            job.processElement(new StreamRecord<>(LogRecord.of(
                    new Revision(0, 1, replayed),
                    0,
                    new UserRecord.Observed("u", Item.ofId("i" + replayed), 5, 0, null, null))));
        }
        assertThat(job.extractOutputValues()).isEmpty();
        observe("i3", 3);
        checkWeights(one);
    }

    @Test
    void aVersionThatComesLaterRebasesUsersAtTheirNextRecord() throws Exception {
        broadcast(ONE, 5);
        observe("i12", 4);
        observe("i20", 2);
        broadcast(TWO, 6);
        assertThat(weights(TWO)).isNull();
        process(new UserRecord.Rebased("u", "als", 2, ModelStore.manifestAddress(TWO)));
        checkWeights(one);
        checkWeights(two);
    }

    @Test
    void aRebaseRecordThatOvertakesTheCatalogueLoadsItsVersion() throws Exception {
        broadcast(ONE, 5);
        observe("i12", 4);
        process(new UserRecord.Rebased("u", "als", 2, ModelStore.manifestAddress(TWO)));
        checkWeights(two);
        assertThat(reportedVersions()).containsExactly("als/1", "als/2");
    }

    @Test
    void aRebaseRecordDoesNotBringBackWhatTheCatalogueHasDropped() throws Exception {
        broadcast(ONE, 5);
        job.processBroadcastElement(new CatalogueElement.Dropped(TWO, 6), 0);
        observe("i12", 4);
        process(new UserRecord.Rebased("u", "als", 2, ModelStore.manifestAddress(TWO)));
        assertThat(weights(TWO)).isNull();
    }

    @Test
    void aDroppedVersionLosesItsWeightsAndItsBlocks() throws Exception {
        broadcast(ONE, 5);
        broadcast(TWO, 6);
        observe("i12", 4);
        job.processBroadcastElement(new CatalogueElement.Dropped(ONE, 7), 0);
        observe("i13", 4);
        assertThat(weights(ONE)).isNull();
        checkWeights(two);
        assertThat(reportedVersions()).containsExactly("als/2");
        int elements = 0;
        for (var entry : job.getBroadcastState(LoadedVersions.STATE).immutableEntries()) {
            assertThat(entry.getKey()).isIn("als/1", "als/2", "als/2/0");
            elements++;
        }
        assertThat(elements).isEqualTo(3);
    }

    @Test
    void aCorruptVersionIsReportedWithItsReasonAndNotLearntIn() throws Exception {
        Path data;
        try (var files = Files.walk(folder.resolve("models/als/2"))) {
            data = files.filter(f -> f.endsWith("data")).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(data);
        bytes[bytes.length / 2] ^= 1;
        Files.write(data, bytes);
        broadcast(ONE, 5);
        broadcast(TWO, 6);
        assertThat(lastReport().versions())
                .filteredOn(v -> v.id().equals(TWO))
                .singleElement()
                .satisfies(v -> assertThat(v.rejection()).contains("als/2"));
        observe("i12", 4);
        assertThat(weights(TWO)).isNull();
        checkWeights(one);
    }

    @Test
    void anOperatorThatOpensCatchesUpWithTheCatalogue() throws Exception {
        broadcast(ONE, 5);
        observe("i12", 4);
        catalogueNow = catalogue(9, Map.of(1, VersionState.RETIRED, 2, VersionState.ACTIVE));
        restart();
        observe("i13", 3);
        checkWeights(two);
        assertThat(weights(ONE)).isNull();
        beat();
        assertThat(reportedVersions()).containsExactly("als/2");
    }

    @Test
    void whatIsBroadcastAsOfAnEarlierCatalogueUndoesNothing() throws Exception {
        catalogueNow = catalogue(9, Map.of(1, VersionState.STANDBY, 2, VersionState.ACTIVE));
        restart();
        job.processBroadcastElement(new CatalogueElement.Dropped(TWO, 6), 0);
        broadcast(ONE, 7);
        observe("i12", 4);
        checkWeights(one);
        checkWeights(two);
    }

    @Test
    void anIdleSubtaskReportsSeldomAndABusyOneAtEveryBeat() throws Exception {
        broadcast(ONE, 5);
        int reports = reports().size();
        beat();
        beat();
        assertThat(reports()).hasSize(reports);
        observe("i1", 2);
        beat();
        assertThat(reports()).hasSize(reports + 1);
        job.setProcessingTime(job.getProcessingTime() + 60_000);
        beat();
        assertThat(reports()).hasSize(reports + 2);
    }

    @Test
    void aFreshStartReportsAtTheFirstBeat() throws Exception {
        beat();
        assertThat(reports()).hasSize(1);
    }

    private void restart() throws Exception {
        OperatorSubtaskState state = job.snapshot(1, 1);
        job = start(state);
    }

    private KeyedBroadcastOperatorTestHarness<String, LogRecord, CatalogueElement, UserUpdate> start(
            OperatorSubtaskState state) throws Exception {
        return start(state, 1, 0);
    }

    private KeyedBroadcastOperatorTestHarness<String, LogRecord, CatalogueElement, UserUpdate> start(
            OperatorSubtaskState state, int parallelism, int subtask) throws Exception {
        LearnerFunction function = new LearnerFunction(
                () -> catalogueNow, new StoredVersionReader(folder.toUri().toString(), Map.of()), settings);
        var harness = new KeyedBroadcastOperatorTestHarness<String, LogRecord, CatalogueElement, UserUpdate>(
                new CoBroadcastWithKeyedOperator<>(function, List.of(LoadedVersions.STATE)),
                LogRecord::uid,
                Types.STRING,
                16,
                parallelism,
                subtask);
        open.add(harness);
        harness.setProcessingTime(1_000_000);
        if (state == null) {
            harness.initializeEmptyState();
        } else {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private void broadcast(ModelVersion version, long position) throws Exception {
        StoredVersionReader reader = new StoredVersionReader(folder.toUri().toString(), Map.of());
        for (OfVersion element : reader.read(version, ModelStore.manifestAddress(version), position)) {
            job.processBroadcastElement(element, 0);
        }
    }

    private void observe(String item, double label) throws Exception {
        labels.put(Item.ofId(item), label);
        process(new UserRecord.Observed("u", Item.ofId(item), label, 1_000, null, null));
    }

    private void process(UserRecord record) throws Exception {
        offset++;
        job.processElement(new StreamRecord<>(LogRecord.of(new Revision(0, 1, offset), 0, record)));
    }

    private void beat() throws Exception {
        job.processBroadcastElement(new CatalogueElement.Heartbeat(), 0);
    }

    private void checkWeights(MatrixFactorModel model) {
        assertThat(weights(model.id())).containsExactly(RidgeOracle.weights(model, labels), within(1e-9));
    }

    /** The user's weights in the last update; null where it has none. */
    private double[] weights(ModelVersion version) {
        List<UserUpdate> updates = job.extractOutputValues();
        return updates.get(updates.size() - 1)
                .model()
                .weights(version)
                .map(UserWeights::weights)
                .orElse(null);
    }

    private List<ItemContribution> ofItems() {
        var said = job.getSideOutput(LearnerFunction.OF_ITEMS);
        return said == null
                ? List.of()
                : said.stream().map(StreamRecord::getValue).toList();
    }

    private List<HealthRecord> reports() {
        var reports = job.getSideOutput(LearnerFunction.HEALTH);
        return reports == null
                ? List.of()
                : reports.stream().map(StreamRecord::getValue).toList();
    }

    private HealthRecord lastReport() {
        return reports().get(reports().size() - 1);
    }

    private List<String> reportedVersions() {
        return lastReport().versions().stream().map(v -> v.id().toString()).toList();
    }

    private static Catalogue catalogue(long position, Map<Integer, VersionState> states) {
        CatalogueEntry entry = CatalogueEntry.of("als", ModelKind.ALS);
        for (var state : states.entrySet()) {
            entry = entry.with(new CatalogueEntry.Version(
                    state.getKey(),
                    state.getValue(),
                    ModelStore.manifestAddress(new ModelVersion("als", state.getKey())),
                    Instant.EPOCH,
                    null,
                    null));
        }
        return Catalogue.of(List.of(new CatalogueRecord(position, entry)));
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "i" + i).toList();
    }
}
