package io.velox.serving.items;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.item.ItemEvidence;
import io.velox.core.item.Metadata;
import io.velox.core.log.ItemKey;
import io.velox.core.log.ItemRecord;
import io.velox.core.log.ItemUpdate;
import io.velox.core.log.ItemUpdateCodec;
import io.velox.core.log.RecordCodec;
import io.velox.core.model.FactorTable;
import io.velox.core.model.Item;
import io.velox.core.model.MatrixFactorModel;
import io.velox.core.model.ModelVersion;
import io.velox.core.model.Prior;
import io.velox.core.user.Revision;
import io.velox.serving.Eventually;
import io.velox.serving.ManualScheduler;
import io.velox.serving.features.ModelFeatures;
import io.velox.serving.features.OpenVersion;
import io.velox.serving.log.FakeTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ItemFeedTest {
    private static final ModelVersion ALS_1 = new ModelVersion("als", 1);

    private final FakeTopic topic = new FakeTopic("items", 1, 0);
    private final ManualScheduler scheduler = new ManualScheduler();
    private final ItemRegistry registry = new ItemRegistry(scheduler);
    private final FakeTopic updates = new FakeTopic("item-updates", 1, 0);

    private void add(String item) {
        topic.add(0, "als/" + item, RecordCodec.write(new ItemRecord("als", item, Metadata.NONE, Instant.EPOCH)));
    }

    @Test
    void isReadyWhenAllIsReadAndFollowsThen() {
        add("a");
        add("b");
        add("a");
        topic.add(0, "als/b", null);
        try (ItemFeed feed =
                ItemFeed.ofRegistrations(topic::consumer, "items", registry).start()) {
            feed.ready().orTimeout(5, TimeUnit.SECONDS).join();
            assertThat(registry.all("als")).containsExactly(new RegisteredItem("a", Metadata.NONE, 2));
            add("c");
            Eventually.await("the registration is seen", () -> registry.find(new ItemKey("als", "c"))
                    .isPresent());
        }
    }

    @Test
    void whatIsNoRegistrationIsPassedOver() {
        topic.add(0, "als/a", "no JSON".getBytes(UTF_8));
        topic.add(0, "no key", null);
        add("b");
        try (ItemFeed feed =
                ItemFeed.ofRegistrations(topic::consumer, "items", registry).start()) {
            feed.ready().orTimeout(5, TimeUnit.SECONDS).join();
            assertThat(registry.all("als")).hasSize(1);
        }
    }

    @Test
    void whatRatingsSayReachesTheVersionAndWhatIsNoUpdateIsPassedOver() {
        ItemEvidence evidence = new ItemEvidence(4, new double[6], new double[3]);
        ItemUpdate update = new ItemUpdate(ALS_1, "a/b", new ItemUpdate.Value(new Revision(0, 1, 9), evidence));
        updates.add(0, "no key", ItemUpdateCodec.value(update));
        updates.add(0, "als/1/a/b", "no update".getBytes(UTF_8));
        updates.add(0, new String(ItemUpdateCodec.key(update), UTF_8), ItemUpdateCodec.value(update));
        registry.accept(new ItemRecord("als", "a/b", Metadata.NONE, Instant.EPOCH), 0);
        FactorTable table =
                new FactorTable.Builder(3).add("i", new float[] {1, 2, 1}, 3, 0).build();
        MatrixFactorModel model = new MatrixFactorModel(ALS_1, table, Prior.zero(3, 1), 0.5);
        VersionItems items =
                registry.open(ALS_1, new OpenVersion(model, new ModelFeatures(model), Optional.of(new GenreGuesses())));

        try (ItemFeed feed =
                ItemFeed.ofUpdates(updates::consumer, "item-updates", registry).start()) {
            feed.ready().orTimeout(5, TimeUnit.SECONDS).join();
            scheduler.advance(Duration.ofSeconds(1));
            assertThat(items.provisional().ratings(Item.ofId("a/b"))).isEqualTo(4);
        }
    }
}
