package io.velox.serving.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.RecordCodec;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SurvivorsTest {
    private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();
    private final RecordKey.Source keys = new RecordKey.Source();

    @Test
    void whatUsersDidIsCopiedInclusiveOfRatingsThatWereReplaced() {
        observed("u", "a", 1, "first");
        observed("u", "a", 2, null);
        observed("v", "a", 3, null);
        assertThat(judge()).containsOnly(Verdict.COPIED);
    }

    @Test
    void rebaseRecordsAreNot() {
        observed("u", "a", 1, null);
        add("u", new UserRecord.Rebased("u", "als", 1, "models/als/1/manifest.json"));
        assertThat(judge()).containsExactly(Verdict.COPIED, Verdict.REBASED);
    }

    @Test
    void ofAForgottenUserThereIsLeftThatTheyWereForgottenAndWhatTheyDidSince() {
        observed("u", "a", 1, "x");
        add("u", new UserRecord.Forgotten("u"));
        observed("u", "a", 1, "x");
        add("u", new UserRecord.Forgotten("u"));
        observed("u", "a", 1, "x");
        observed("v", "a", 1, "x");
        assertThat(judge())
                .containsExactly(
                        Verdict.FORGOTTEN,
                        Verdict.FORGOTTEN,
                        Verdict.FORGOTTEN,
                        Verdict.COPIED,
                        Verdict.COPIED,
                        Verdict.COPIED);
    }

    @Test
    void aWithdrawnObservationGoesWithItsWithdrawalAndANewOneStays() {
        observed("u", "a", 1, null);
        observed("u", "b", 1, null);
        withdrawn("u", "a");
        observed("u", "a", 2, null);
        assertThat(judge()).containsExactly(Verdict.WITHDRAWN, Verdict.COPIED, Verdict.WITHDRAWN, Verdict.COPIED);
    }

    @Test
    void aRepeatOfAWithdrawnObservationIsNoObservation() {
        observed("u", "a", 1, "spent");
        withdrawn("u", "a");
        observed("u", "a", 1, "spent");
        observed("u", "b", 1, "spent");
        observed("v", "a", 1, "spent");
        observed("u", "a", 2, "other");
        assertThat(judge())
                .containsExactly(
                        Verdict.WITHDRAWN,
                        Verdict.WITHDRAWN,
                        Verdict.WITHDRAWN,
                        Verdict.COPIED,
                        Verdict.COPIED,
                        Verdict.COPIED);
    }

    @Test
    void whatWasRemovedByAMarkUnderItsKeyIsGone() {
        observed("u", "a", 1, null);
        observed("u", "b", 1, null);
        add(log.get(0).key(), null);
        assertThat(judge()).containsExactly(Verdict.REMOVED, Verdict.COPIED, Verdict.REMOVED);
    }

    @Test
    void whatNobodyCanReadIsNotCopied() {
        add("u".getBytes(StandardCharsets.UTF_8), "garbage".getBytes(StandardCharsets.UTF_8));
        assertThat(judge()).containsExactly(Verdict.UNREADABLE);
    }

    @Test
    void whatHasNoKeyOrAnotherUsersIsNotCopied() {
        byte[] record = RecordCodec.write(new UserRecord.Forgotten("u"));
        add(null, record);
        add(keys.next("v"), record);
        add("u".getBytes(StandardCharsets.UTF_8), record);
        assertThat(judge()).containsExactly(Verdict.UNREADABLE, Verdict.UNREADABLE, Verdict.COPIED);
    }

    private List<Verdict> judge() {
        Survivors survivors = new Survivors();
        log.forEach(survivors::survey);
        return log.stream().map(survivors::judge).toList();
    }

    private void observed(String uid, String item, double label, @Nullable String id) {
        add(uid, new UserRecord.Observed(uid, Item.ofId(item), label, 1_700_000_000_000L, id, null));
    }

    private void withdrawn(String uid, String item) {
        add(uid, new UserRecord.Withdrawn(uid, Item.ofId(item)));
    }

    private void add(String uid, UserRecord record) {
        add(keys.next(uid), RecordCodec.write(record));
    }

    private void add(byte @Nullable [] key, byte @Nullable [] value) {
        log.add(new ConsumerRecord<>("log", 0, log.size(), key, value));
    }
}
