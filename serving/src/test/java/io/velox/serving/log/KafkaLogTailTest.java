package io.velox.serving.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.LogCut;
import io.velox.core.log.RecordCodec;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.user.Revision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaLogTailTest {
    private final FakeTopic topic = new FakeTopic("velox.observations", 3, 0);
    private final KafkaLogTail tail = new KafkaLogTail(topic::consumer, topic.name(), new UserPartitions(4, 3));

    @Test
    void theLastRecordOfEachPartitionIsFoundAndGarbageIsNot() {
        topic.add(0, "a", record("a"));
        topic.add(0, "b", record("b"));
        topic.add(2, "c", "garbage".getBytes(StandardCharsets.UTF_8));
        assertThat(tail.lastRecords()).containsExactlyInAnyOrderEntriesOf(Map.of("b", new Revision(4, 0, 1)));
    }

    @Test
    void tombstonesAreNobodysLastRecordButTheLogReachesBehindThem() {
        topic.add(0, "a", record("a"));
        topic.add(0, "b", null);
        assertThat(tail.lastRecords()).containsExactly(Map.entry("a", new Revision(4, 0, 0)));
        FakeTopic other = new FakeTopic("velox.observations", 1, 0);
        other.add(0, "a", record("a"));
        other.add(0, "b", null);
        assertThat(new KafkaLogTail(other::consumer, other.name(), new UserPartitions(4, 1)).end())
                .isEqualTo(new LogCut(4, Map.of(0, 2L)));
    }

    @Test
    void aRecordWithATombstoneIsNotWaitedFor() {
        topic.add(0, "a", record("a"));
        topic.add(0, "b", record("b"));
        topic.add(0, "b", null);
        topic.add(2, "c", record("c"));
        topic.add(2, "c", null);
        assertThat(tail.lastRecords()).containsExactly(Map.entry("a", new Revision(4, 0, 0)));
    }

    @Test
    void aUserWhoIsForgottenIsNotAmongTheUsers() {
        topic.add(0, "a", RecordCodec.write(new UserRecord.Forgotten("a")));
        topic.add(0, "b", record("b"));
        topic.add(0, "c", RecordCodec.write(new UserRecord.Rebased("c", "als", 1, "models/als/1/manifest.json")));
        List<String> users = new ArrayList<>();
        tail.users(new LogCut(4, Map.of()), new LogCut(4, Map.of(0, 3L)), users::add);
        assertThat(users).as("neither one who was only rebased").containsExactly("b");
    }

    @Test
    void anEmptyLogHasNone() {
        assertThat(tail.lastRecords()).isEmpty();
    }

    @Test
    void theLastRecordUnderAnotherKeyThanItsUserIsNotWaitedFor() {
        topic.add(1, "a", record("b"));
        assertThat(tail.lastRecords()).isEmpty();
    }

    @Test
    void usersAreThoseOfRecordsThatTheJobDoesNotSkip() {
        topic.add(0, "a", record("a"));
        topic.add(0, "a", record("a"));
        topic.add(1, "", record("b"));
        topic.add(2, "c", "garbage".getBytes(StandardCharsets.UTF_8));
        List<String> users = new ArrayList<>();
        tail.users(new LogCut(4, Map.of()), new LogCut(4, Map.of(0, 2L, 1, 1L, 2, 1L)), users::add);
        assertThat(users).containsExactly("a");
    }

    private static byte[] record(String uid) {
        return RecordCodec.write(new UserRecord.Withdrawn(uid, Item.ofId("i")));
    }
}
