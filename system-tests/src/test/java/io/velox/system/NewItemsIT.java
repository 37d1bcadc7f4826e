package io.velox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An item that nobody had rated when the version was trained is learnt by a refresh that starts because it is being rated. */
class NewItemsIT {
    private static final int TRAINED = 10_000;
    private static final int ENOUGH = 20;

    @Test
    void anItemThatManyRateIsLearntWithoutAnybodysDoing(@TempDir Path folder) throws IOException {
        Path configuration = Files.writeString(folder.resolve("velox.yaml"), """
                lifecycle:
                  gate: {tolerance: 0.5, live-observations: 0, patience-seconds: 1}
                  staleness: {ratio: 0, drift-threshold: 0}
                  schedule: {refresh-unknown: %d}
                models:
                  als: {kind: als, rank: 5, regularization: 0.1, iterations: 4, item-bias: true, prior: gaussian}
                """.formatted(ENOUGH));
        List<Rating> ratings = Ratings.ofPopularItems(ENOUGH, new Random(7));
        String newItem = mostRated(ratings);
        List<Rating> ofNewItem = new ArrayList<>();
        List<Rating> others = new ArrayList<>();
        ratings.forEach(rating -> (rating.item().equals(newItem) ? ofNewItem : others).add(rating));
        List<Rating> trained = others.subList(0, TRAINED);
        try (VeloxProcess velox = VeloxProcess.start(folder.resolve("data"), "file", configuration, Map.of())) {
            Loop loop = new Loop(velox.api());
            Catalogue als = new Catalogue(velox.api(), "als");
            loop.awaitApplied(loop.observe(trained));
            assertThat(loop.retrain("als")).isEqualTo(1);
            Map<String, String> receipts = loop.observe(ofNewItem.subList(0, ENOUGH - 1));
            String uid = ofNewItem.get(0).user();
            JsonNode unknown = loop.predictAfter("als", uid, newItem, receipts.get(uid));
            assertThat(unknown.get("predictions")).isEmpty();

            loop.awaitApplied(loop.observe(ofNewItem.subList(ENOUGH - 1, ofNewItem.size())));

            als.awaitState(2, "ACTIVE", Duration.ofMinutes(4));
            assertThat(als.events(2).get(0).toString()).contains("REFRESH").contains("NEW_ITEMS");
            JsonNode known = loop.predictAfter("als", uid, newItem, receipts.get(uid));
            assertThat(known.get("predictions")).hasSize(1);
            loop.checkEveryUser("als", 2, Histories.of(List.of(trained, ofNewItem)));
        }
    }

    private static String mostRated(List<Rating> ratings) {
        return ratings.stream().collect(Collectors.groupingBy(Rating::item, Collectors.counting())).entrySet().stream()
                .max(Comparator.comparing((Function<Map.Entry<String, Long>, Long>) Map.Entry::getValue)
                        .thenComparing(Map.Entry::getKey))
                .orElseThrow()
                .getKey();
    }
}
