package io.velox.serving.predict;

import static io.velox.serving.predict.TestWorld.ALS_3;
import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.item.Metadata;
import io.velox.core.log.ItemRecord;
import io.velox.core.model.FactorTable;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.Prior;
import io.velox.serving.ManualScheduler;
import io.velox.serving.features.FeaturesAtHand;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.features.OpenVersion;
import io.velox.serving.items.GenreGuesses;
import io.velox.serving.items.ItemFilter;
import io.velox.serving.items.ItemRegistry;
import io.velox.serving.lifecycle.LoadedVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CatalogueRankingTest {
    private static final List<String> GENRES = List.of("Comedy", "Drama", "Horror");
    private static final int KNOWN = 2_500;
    private static final int NEW = 300;

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ItemRegistry registry = new ItemRegistry(scheduler);

    /** Against a plain sort of the scores of all that may be in the ranking, with many ties. */
    @Test
    void knownAndProvisionalItemsAreRankedAsOneExactly() {
        long seed = Long.getLong("velox.seed", System.nanoTime());
        Random random = new Random(seed);
        LoadedVersion version = version(random);
        List<Item> all = new ArrayList<>();
        for (int i = 0; i < KNOWN + NEW; i++) {
            all.add(Item.ofId("i" + i));
        }
        FeaturesAtHand features = version.gather(all).join();
        for (int trial = 0; trial < 200; trial++) {
            double[] weights = {random.nextInt(3) - 1, random.nextInt(3) - 1, random.nextGaussian()};
            Answering answering = new Answering(version, weights, 1, false, Optional.empty(), Optional.empty());
            Choice choice = new Choice(1 + random.nextInt(400), excluded(all, random), filter(random));

            Scoring ranked = CatalogueRanking.best(answering, choice);

            assertThat(ranked.items()).as("-Dvelox.seed=%s", seed).isEqualTo(plain(all, features, answering, choice));
            assertThat(ranked.unknown()).isEmpty();
        }
    }

    private static List<ScoredItem> plain(List<Item> all, FeaturesAtHand features, Answering answering, Choice choice) {
        return all.stream()
                .filter(item -> !choice.excluded().contains(item))
                .filter(item -> choice.filter().isEmpty()
                        || answering
                                .version()
                                .items()
                                .find(item)
                                .filter(found -> choice.filter().passes(found.metadata()))
                                .isPresent())
                .flatMap(item -> {
                    OptionalDouble score = features.score(item, answering.weights());
                    boolean isNew = Integer.parseInt(item.text().substring(1)) >= KNOWN;
                    return score.stream().mapToObj(s -> new ScoredItem(item, s, isNew));
                })
                .sorted(Comparator.comparingDouble(ScoredItem::score).reversed().thenComparing(scored -> scored.item()
                        .text()))
                .limit(choice.k())
                .toList();
    }

    private LoadedVersion version(Random random) {
        FactorTable.Builder table = new FactorTable.Builder(GenreGuesses.DIMENSION);
        for (int i = 0; i < KNOWN; i++) {
            table.add("i" + i, new float[] {random.nextInt(8) / 4f, random.nextInt(8) / 4f, 1}, 3, 0);
        }
        MatrixFactorModel model =
                new MatrixFactorModel(ALS_3, table.build(), Prior.zero(GenreGuesses.DIMENSION, 1), 0.5);
        for (int i = 0; i < KNOWN + NEW; i++) {
            if (i >= KNOWN || random.nextInt(10) > 0) {
                Metadata metadata = new Metadata(new TreeMap<>(Map.of(
                        "genre",
                        GENRES.stream().filter(genre -> random.nextBoolean()).toList(),
                        "year",
                        List.of(Integer.toString(1900 + random.nextInt(100))))));
                registry.accept(new ItemRecord("als", "i" + i, metadata, Instant.EPOCH), i);
            }
        }
        ModelFeatures features = new ModelFeatures(model);
        LoadedVersion version = new LoadedVersion(
                TestWorld.manifest(ALS_3, model),
                model,
                features,
                registry.open(ALS_3, new OpenVersion(model, features, Optional.of(new GenreGuesses()))));
        scheduler.advance(Duration.ofSeconds(1));
        return version;
    }

    private static Set<Item> excluded(List<Item> all, Random random) {
        Set<Item> excluded = new HashSet<>();
        for (int i = random.nextInt(200); i > 0; i--) {
            excluded.add(all.get(random.nextInt(all.size())));
        }
        return excluded;
    }

    private static ItemFilter filter(Random random) {
        Map<String, List<String>> fields = new TreeMap<>();
        if (random.nextInt(3) > 0) {
            fields.put("genre", List.of(GENRES.get(random.nextInt(3)), GENRES.get(random.nextInt(3))));
        }
        if (random.nextInt(3) == 0) {
            fields.put("year", List.of(Integer.toString(1900 + random.nextInt(100))));
        }
        return new ItemFilter(new TreeMap<>(fields));
    }
}
