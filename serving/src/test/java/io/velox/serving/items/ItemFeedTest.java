package io.velox.serving.items;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.item.Metadata;
import io.velox.core.log.ItemKey;
import io.velox.core.log.ItemRecord;
import io.velox.core.log.RecordCodec;
import io.velox.serving.Eventually;
import io.velox.serving.ManualScheduler;
import io.velox.serving.log.FakeTopic;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ItemFeedTest {
    private final FakeTopic topic = new FakeTopic("items", 1, 0);
    private final ItemRegistry registry = new ItemRegistry(new ManualScheduler());

    private void add(String item) {
        topic.add(0, "als/" + item, RecordCodec.write(new ItemRecord("als", item, Metadata.NONE, Instant.EPOCH)));
    }

    @Test
    void isReadyWhenAllIsReadAndFollowsThen() {
        add("a");
        add("b");
        add("a");
        topic.add(0, "als/b", null);
        try (ItemFeed feed = new ItemFeed(topic::consumer, "items", registry).start()) {
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
        try (ItemFeed feed = new ItemFeed(topic::consumer, "items", registry).start()) {
            feed.ready().orTimeout(5, TimeUnit.SECONDS).join();
            assertThat(registry.all("als")).hasSize(1);
        }
    }
}
