package io.velox.serving.items;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.item.ItemEvidence;
import io.velox.core.item.Metadata;
import io.velox.core.linalg.PackedSymmetric;
import io.velox.core.log.ItemKey;
import io.velox.core.log.ItemRecord;
import io.velox.core.log.ItemUpdate;
import io.velox.core.model.FactorTable;
import io.velox.core.model.FeatureVector;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.user.Revision;
import io.velox.serving.ManualScheduler;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.features.OpenVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VersionItemsTest {
    private static final ModelVersion ALS_1 = new ModelVersion("als", 1);
    private static final int KNOWN = 700;
    private static final List<String> GENRES = List.of("Comedy", "Drama", "Horror", "Musical");

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ItemRegistry registry = new ItemRegistry(scheduler);
    private final FactorTable table = table();
    private long offset;

    private static FactorTable table() {
        FactorTable.Builder table = new FactorTable.Builder(GenreGuesses.DIMENSION);
        for (int i = 0; i < KNOWN; i++) {
            table.add("i" + i, new float[] {i, 1, 1}, 3, 0);
        }
        return table.build();
    }

    private VersionItems open() {
        MatrixFactorModel model = new MatrixFactorModel(ALS_1, table, Prior.zero(GenreGuesses.DIMENSION, 1), 0.5);
        return registry.open(ALS_1, new OpenVersion(model, new ModelFeatures(model), Optional.of(new GenreGuesses())));
    }

    private static Metadata metadata(Map<String, List<String>> fields) {
        return new Metadata(new TreeMap<>(fields));
    }

    private void register(String item, Metadata metadata) {
        registry.accept(new ItemRecord("als", item, metadata, Instant.EPOCH), offset++);
    }

    private void settle() {
        scheduler.advance(Duration.ofSeconds(1));
    }

    private static ItemFilter filter(Map<String, List<String>> fields) {
        return new ItemFilter(new TreeMap<>(fields));
    }

    @Test
    void aRegisteredItemThatTheVersionDoesNotKnowHasTheFeaturesThatItGuesses() {
        VersionItems items = open();
        Metadata comedy = metadata(Map.of("genre", List.of("Comedy")));
        register("new", comedy);
        register("i5", comedy);
        assertThat(items.provisional().isEmpty())
                .as("it is laid out a little later")
                .isTrue();
        settle();

        assertThat(items.provisional().size()).isEqualTo(1);
        FeatureVector features = items.provisional().features(Item.ofId("new")).orElseThrow();
        assertThat(features.values()).containsExactly(0.75, -0.25, 1);
        assertThat(features.offset()).isEqualTo(3.5);
        assertThat(features.noise()).isEqualTo(0.5);
        assertThat(items.provisional().revision(Item.ofId("new"))).hasValue(0);
        assertThat(items.find(Item.ofId("i5"))).contains(new RegisteredItem("i5", comedy, 1));
    }

    @Test
    void aVersionThatIsOpenedLaterHasThemAtOnce() {
        register("new", Metadata.NONE);
        VersionItems items = open();

        assertThat(items.ready()).isCompleted();
        assertThat(items.provisional().size()).isEqualTo(1);
    }

    @Test
    void aVersionThatGuessesNothingHasNone() {
        register("new", Metadata.NONE);
        MatrixFactorModel model = new MatrixFactorModel(ALS_1, table, Prior.zero(GenreGuesses.DIMENSION, 1), 0.5);
        VersionItems items = registry.open(ALS_1, OpenVersion.inMemory(model));
        settle();

        assertThat(items.ready()).isCompleted();
        assertThat(items.provisional().isEmpty()).isTrue();
    }

    @Test
    void whatIsNoLongerRegisteredIsNoLongerThereAndOlderRecordsChangeNothing() {
        VersionItems items = open();
        register("a", Metadata.NONE);
        register("b", Metadata.NONE);
        registry.remove(new ItemKey("als", "a"), offset++);
        registry.remove(new ItemKey("als", "b"), 0);
        registry.accept(new ItemRecord("als", "b", metadata(Map.of("genre", List.of("Drama"))), Instant.EPOCH), 0);
        settle();

        assertThat(items.provisional().revision(Item.ofId("a"))).isEmpty();
        assertThat(items.provisional().revision(Item.ofId("b"))).hasValue(1);
        assertThat(items.find(Item.ofId("b")).orElseThrow().metadata()).isEqualTo(Metadata.NONE);
    }

    private static ItemUpdate update(ModelVersion version, String item, int ratings) {
        ItemEvidence evidence = new ItemEvidence(
                ratings,
                new double[PackedSymmetric.length(GenreGuesses.DIMENSION)],
                new double[GenreGuesses.DIMENSION]);
        return new ItemUpdate(
                version, item, ratings == 0 ? null : new ItemUpdate.Value(new Revision(0, 0, 7), evidence));
    }

    private double offset(VersionItems items, String item) {
        settle();
        return items.provisional().features(Item.ofId(item)).orElseThrow().offset();
    }

    @Test
    void ratingsImproveWhatTheVersionGuessesAndStayWhenTheItemIsRegisteredAnew() {
        VersionItems items = open();
        registry.learn(update(ALS_1, "new", 1)); // before anybody has registered it
        register("new", Metadata.NONE);
        assertThat(offset(items, "new")).isEqualTo(4);
        registry.learn(update(ALS_1, "new", 2));
        registry.learn(update(new ModelVersion("als", 2), "new", 9));
        registry.learn(update(ALS_1, "i5", 3));
        registry.learn(update(ALS_1, "never heard of", 3));
        assertThat(offset(items, "new")).isEqualTo(5);
        assertThat(items.provisional().ratings(Item.ofId("new"))).isEqualTo(2);
        assertThat(items.provisional().size()).isEqualTo(1);

        register("new", metadata(Map.of("genre", List.of("Comedy"))));
        assertThat(offset(items, "new")).isEqualTo(5.5);
        assertThat(items.provisional().revision(Item.ofId("new"))).hasValue(1);
        registry.learn(update(ALS_1, "new", 0));
        assertThat(offset(items, "new")).isEqualTo(3.5);
        assertThat(items.provisional().ratings(Item.ofId("new"))).isZero();
    }

    @Test
    void ratingsOfAnotherDimensionArePassedOver() {
        VersionItems items = open();
        register("new", Metadata.NONE);
        registry.learn(new ItemUpdate(
                ALS_1,
                "new",
                new ItemUpdate.Value(new Revision(0, 0, 7), new ItemEvidence(4, new double[1], new double[1]))));

        assertThat(offset(items, "new")).isEqualTo(3);
        assertThat(items.provisional().ratings(Item.ofId("new"))).isZero();
    }

    @Test
    void manyChangesAreLaidOutAtOnce() {
        VersionItems items = open();
        settle();
        for (int i = 0; i < 100; i++) {
            register("new" + i, Metadata.NONE);
        }

        assertThat(scheduler.waiting()).isEqualTo(1);
        settle();
        assertThat(items.provisional().size()).isEqualTo(100);
    }

    @Test
    void aClosedVersionFollowsNoMore() {
        VersionItems items = open();
        settle();
        items.close();
        register("new", Metadata.NONE);
        settle();

        assertThat(items.provisional().isEmpty()).isTrue();
    }

    /** Against a plain map: items come, change and go, and filters of one to three fields are asked in between. */
    @Test
    void filtersPassWhatAPlainLookAtAllMetadataPasses() {
        long seed = Long.getLong("velox.seed", System.nanoTime());
        Random random = new Random(seed);
        VersionItems items = open();
        SortedMap<String, Metadata> truth = new TreeMap<>();
        for (int step = 0; step < 6_000; step++) {
            String item = "i" + random.nextInt(KNOWN + 200);
            if (random.nextInt(4) == 0) {
                registry.remove(new ItemKey("als", item), offset++);
                truth.remove(item);
            } else {
                Metadata metadata = randomMetadata(random);
                register(item, metadata);
                truth.put(item, metadata);
            }
            if (step % 10 == 0) {
                ItemFilter filter = randomFilter(random);
                assertThat(items.passing(filter)).as("-Dvelox.seed=%s", seed).isEqualTo(rows(table, truth, filter));
                if (step % 100 == 0) {
                    settle();
                }
                Provisional provisional = items.provisional();
                assertThat(provisional.passing(filter))
                        .as("-Dvelox.seed=%s", seed)
                        .isEqualTo(rows(provisional.catalogue().table(), truth, filter));
                assertThat(items.passes(filter, Item.ofId(item)))
                        .isEqualTo(truth.containsKey(item) && filter.passes(truth.get(item)));
                assertThat(items.passing(filter, Integer.MAX_VALUE).orElseThrow())
                        .as("-Dvelox.seed=%s", seed)
                        .containsExactlyInAnyOrderElementsOf(truth.keySet().stream()
                                .filter(i -> filter.passes(truth.get(i)))
                                .map(Item::ofId)
                                .toList());
            }
        }
        settle();
        assertThat(names(items.provisional().catalogue().table()))
                .isEqualTo(truth.keySet().stream().filter(i -> table.row(i) < 0).toList());
        assertThat(registry.all("als").stream().map(RegisteredItem::item)).containsExactlyElementsOf(truth.keySet());
    }

    private static List<String> names(FactorTable table) {
        List<String> names = new ArrayList<>();
        for (int row = 0; row < table.size(); row++) {
            names.add(table.item(row));
        }
        return names;
    }

    private static BitSet rows(FactorTable table, Map<String, Metadata> truth, ItemFilter filter) {
        BitSet rows = new BitSet();
        for (int row = 0; row < table.size(); row++) {
            Metadata metadata = truth.get(table.item(row));
            rows.set(row, metadata != null && filter.passes(metadata));
        }
        return rows;
    }

    private static Metadata randomMetadata(Random random) {
        Map<String, List<String>> fields = new TreeMap<>();
        fields.put("genre", some(GENRES, random));
        fields.put("year", List.of(Integer.toString(1990 + random.nextInt(20))));
        fields.put("title", List.of("Title " + random.nextInt(400)));
        return metadata(fields);
    }

    private static ItemFilter randomFilter(Random random) {
        Map<String, List<String>> fields = new TreeMap<>();
        if (random.nextBoolean()) {
            fields.put("genre", List.of(GENRES.get(random.nextInt(GENRES.size())), "Western"));
        }
        if (random.nextInt(3) == 0) {
            fields.put("title", List.of("Title " + random.nextInt(400)));
        }
        if (fields.isEmpty() || random.nextBoolean()) {
            fields.put("year", List.of("1995", Integer.toString(1990 + random.nextInt(20))));
        }
        return filter(fields);
    }

    private static List<String> some(List<String> of, Random random) {
        return of.stream().filter(one -> random.nextInt(3) == 0).toList();
    }
}
