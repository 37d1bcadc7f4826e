package io.velox.serving.forgetting;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.RecordCodec;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MarksTest {
    private final RecordKey.Source keys = new RecordKey.Source();
    private final Marks marks = new Marks(10);

    @Test
    void everythingOfAForgottenUserGoesThatCameBefore() {
        add(10, new UserRecord.Forgotten("u"));
        assertThat(goes(9, rated("u", "a", null))).isTrue();
        assertThat(goes(8, new UserRecord.Forgotten("u"))).isTrue();
        assertThat(goes(7, new UserRecord.Rebased("u", "als", 1, "m"))).isTrue();
        assertThat(goes(10, new UserRecord.Forgotten("u"))).isFalse();
        assertThat(goes(11, rated("u", "a", null))).isFalse();
        assertThat(goes(9, rated("v", "a", null))).isFalse();
    }

    @Test
    void whatNobodyCanDecodeGoesWithItsUser() {
        add(10, new UserRecord.Forgotten("u"));
        assertThat(marks.remove(new ConsumerRecord<>("t", 0, 3, keys.next("u"), new byte[] {1})))
                .isTrue();
    }

    @Test
    void aWithdrawnObservationGoesAndTheWithdrawalStays() {
        add(10, new UserRecord.Withdrawn("u", Item.ofId("a")));
        assertThat(goes(3, rated("u", "a", null))).isTrue();
        assertThat(goes(4, rated("u", "b", null))).isFalse();
        assertThat(goes(5, new UserRecord.Withdrawn("u", Item.ofId("a")))).isFalse();
        assertThat(goes(11, rated("u", "a", null))).isFalse();
    }

    @Test
    void aRetryOfAWithdrawnObservationGoesToo() {
        add(10, new UserRecord.Withdrawn("u", Item.ofId("a")));
        assertThat(goes(3, rated("u", "a", "x"))).isTrue();
        assertThat(goes(11, rated("u", "a", "x"))).isTrue();
        assertThat(goes(12, rated("u", "a", "y"))).isFalse();
        assertThat(goes(13, rated("u", "b", "x"))).isFalse();
    }

    @Test
    void tombstonesAndRecordsUnderABareIdAreLeftAlone() {
        add(10, new UserRecord.Forgotten("u"));
        assertThat(marks.remove(new ConsumerRecord<>("t", 0, 3, keys.next("u"), null)))
                .isFalse();
        byte[] bare = "u".getBytes(StandardCharsets.UTF_8);
        assertThat(marks.remove(new ConsumerRecord<>("t", 0, 3, bare, new byte[] {1})))
                .isFalse();
    }

    @Test
    void thereIsABound() {
        Marks two = new Marks(2);
        assertThat(two.add(record(0, new UserRecord.Forgotten("a")), new UserRecord.Forgotten("a")))
                .isTrue();
        assertThat(two.add(record(1, rated("a", "i", null)), rated("a", "i", null)))
                .isTrue();
        assertThat(two.add(record(2, new UserRecord.Forgotten("b")), new UserRecord.Forgotten("b")))
                .isTrue();
        assertThat(two.add(record(3, new UserRecord.Forgotten("c")), new UserRecord.Forgotten("c")))
                .isFalse();
    }

    private void add(long offset, UserRecord content) {
        assertThat(marks.add(record(offset, content), content)).isTrue();
    }

    private boolean goes(long offset, UserRecord content) {
        return marks.remove(record(offset, content));
    }

    private ConsumerRecord<byte[], byte[]> record(long offset, UserRecord content) {
        return new ConsumerRecord<>("t", 0, offset, keys.next(content.uid()), RecordCodec.write(content));
    }

    private static UserRecord rated(String uid, String item, @Nullable String id) {
        return new UserRecord.Observed(uid, Item.ofId(item), 3, 1, id, null);
    }
}
