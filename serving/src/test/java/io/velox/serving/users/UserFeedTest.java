package io.velox.serving.users;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.UserUpdate;
import io.velox.core.log.UserUpdateCodec;
import io.velox.core.user.Revision;
import io.velox.core.user.UserModel;
import io.velox.serving.Eventually;
import io.velox.serving.log.FakeTopic;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UserFeedTest {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    private UserFeed.Listener listener(String name) {
        return new UserFeed.Listener() {
            @Override
            public void update(UserUpdate update) {
                heard.add(
                        name + " " + update.model().uid() + " " + update.model().revision());
            }

            @Override
            public void gap() {
                heard.add(name + " gap");
            }
        };
    }

    @Test
    void whatCameBeforeTheFeedIsReadyIsAGap() {
        FakeTopic topic = new FakeTopic("updates", 2, 5);
        try (UserFeed feed = new UserFeed(topic::consumer, topic.name(), List.of(listener("x"))).start()) {
            feed.ready().orTimeout(5, TimeUnit.SECONDS).join();
            assertThat(heard).containsExactly("x gap");
        }
    }

    @Test
    void updatesAndGapsReachEveryListenerAndUnreadableUpdatesNone() {
        FakeTopic topic = new FakeTopic("updates", 2, 5);
        try (UserFeed feed =
                new UserFeed(topic::consumer, topic.name(), List.of(listener("x"), listener("y"))).start()) {
            feed.ready().orTimeout(5, TimeUnit.SECONDS).join();
            heard.clear();
            topic.add(0, "u", new byte[] {99, 1, 2});
            UserModel model = new UserModel("u", new Revision(0, 1, 7), 0, false, List.of());
            topic.add(1, "u", UserUpdateCodec.write(new UserUpdate(model, null, null)));
            Eventually.await("both heard", () -> heard.equals(List.of("x u 0:1:7", "y u 0:1:7")));
            topic.fail(1, 0);
            Eventually.await("both heard of the gap", () -> heard.size() == 4);
        }
        assertThat(heard).endsWith("x gap", "y gap");
    }
}
