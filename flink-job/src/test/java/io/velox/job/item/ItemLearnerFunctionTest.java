package io.velox.job.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velox.core.item.ItemEvidence;
import io.velox.core.item.ItemRating;
import io.velox.core.log.ItemUpdate;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.Revision;
import io.velox.job.Seeds;
import io.velox.job.catalogue.CatalogueElement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ItemLearnerFunctionTest {
    private static final ModelVersion ONE = new ModelVersion("als", 1);
    private static final ModelVersion TEN = new ModelVersion("als", 10);
    private static final int DIMENSION = 3;

    private final RandomGenerator random = Seeds.random();
    private final List<AutoCloseable> open = new ArrayList<>();
    private KeyedBroadcastOperatorTestHarness<String, ItemContribution, CatalogueElement, ItemUpdate> job;
    private long offset;

    @BeforeEach
    void begin() throws Exception {
        job = start(null);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable harness : open) {
            harness.close();
        }
    }

    @Test
    void theSumsAreThoseOfWhatEachUserSaidLast() throws Exception {
        Map<String, ItemRating> expected = new LinkedHashMap<>();
        for (int n = 0; n < 300; n++) {
            String uid = "u" + random.nextInt(20);
            if (random.nextInt(4) == 0) {
                boolean isKnown = expected.remove(uid) != null;
                int before = job.extractOutputValues().size();
                say(ONE, "i", uid, null);
                assertThat(job.extractOutputValues()).hasSize(before + (isKnown ? 1 : 0));
            } else {
                expected.put(uid, rating());
                say(ONE, "i", uid, expected.get(uid));
            }
            if (n == 150) {
                restart();
                say(ONE, "i", "u0", null);
                expected.remove("u0");
            }
            if (!job.extractOutputValues().isEmpty()) {
                check(last(), expected);
            }
        }
    }

    @Test
    void anItemOfWhichEverythingIsTakenBackIsKnownNoMore() throws Exception {
        say(ONE, "i", "u", rating());
        say(ONE, "i", "u", null);
        assertThat(last()).isEqualTo(new ItemUpdate(ONE, "i", null));
    }

    @Test
    void onlyTheFirstUsersAreKeptButTheyMaySayOtherThings() throws Exception {
        for (int user = 0; user < ItemLearnerFunction.MAX_USERS + 50; user++) {
            say(ONE, "i", "u" + user, rating());
        }
        assertThat(job.extractOutputValues()).hasSize(ItemLearnerFunction.MAX_USERS);
        say(ONE, "i", "u3", rating());
        assertThat(job.extractOutputValues()).hasSize(ItemLearnerFunction.MAX_USERS + 1);
        assertThat(count(last())).isEqualTo(ItemLearnerFunction.MAX_USERS);
        say(ONE, "i", "u3", null);
        say(ONE, "i", "late", rating());
        assertThat(count(last())).isEqualTo(ItemLearnerFunction.MAX_USERS);
    }

    @Test
    void aVersionThatIsDroppedTakesItsItemsWithItAndNoOthers() throws Exception {
        say(ONE, "i", "u", rating());
        say(ONE, "j", "u", rating());
        say(TEN, "i", "u", rating());
        int before = job.extractOutputValues().size();
        job.processBroadcastElement(new CatalogueElement.Dropped(ONE, 4), 0);
        assertThat(job.extractOutputValues()
                        .subList(before, job.extractOutputValues().size()))
                .containsExactlyInAnyOrder(new ItemUpdate(ONE, "i", null), new ItemUpdate(ONE, "j", null));
        say(ONE, "i", "v", rating());
        assertThat(count(last())).isEqualTo(1);
        say(TEN, "i", "v", rating());
        assertThat(count(last())).isEqualTo(2);
    }

    @Test
    void updatesSayWhichRecordChangedThem() throws Exception {
        say(ONE, "i", "u", rating());
        say(ONE, "i", "v", rating());
        assertThat(Objects.requireNonNull(last().value()).revision()).isEqualTo(new Revision(0, 1, offset));
    }

    private static void check(ItemUpdate found, Map<String, ItemRating> expected) {
        if (expected.isEmpty()) {
            assertThat(found.value()).isNull();
            return;
        }
        ItemEvidence fresh = ItemEvidence.of(DIMENSION, expected.values());
        ItemEvidence evidence = Objects.requireNonNull(found.value()).evidence();
        assertThat(evidence.count()).isEqualTo(fresh.count());
        assertThat(evidence.precision()).containsExactly(fresh.precision(), within(1e-9));
        assertThat(evidence.moment()).containsExactly(fresh.moment(), within(1e-9));
    }

    private ItemUpdate last() {
        List<ItemUpdate> updates = job.extractOutputValues();
        return updates.get(updates.size() - 1);
    }

    private static int count(ItemUpdate update) {
        return Objects.requireNonNull(update.value()).evidence().count();
    }

    private ItemRating rating() {
        double[] weights = random.doubles(DIMENSION, -1, 1).toArray();
        return new ItemRating(weights, 1 + random.nextInt(5), 0.5 + random.nextDouble());
    }

    private void say(ModelVersion version, String item, String uid, @Nullable ItemRating rating) throws Exception {
        offset++;
        job.processElement(
                new StreamRecord<>(new ItemContribution(version, item, uid, new Revision(0, 1, offset), rating)));
    }

    private void restart() throws Exception {
        job = start(job.snapshot(1, 1));
    }

    private KeyedBroadcastOperatorTestHarness<String, ItemContribution, CatalogueElement, ItemUpdate> start(
            @Nullable OperatorSubtaskState state) throws Exception {
        var harness = new KeyedBroadcastOperatorTestHarness<String, ItemContribution, CatalogueElement, ItemUpdate>(
                new CoBroadcastWithKeyedOperator<>(new ItemLearnerFunction(), List.of(ItemLearnerFunction.DROPPED)),
                ItemContribution::key,
                Types.STRING,
                16,
                1,
                0);
        open.add(harness);
        if (state == null) {
            harness.initializeEmptyState();
        } else {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }
}
