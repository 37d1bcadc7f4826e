package io.velox.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordKeyTest {
    private final RecordKey.Source keys = new RecordKey.Source();

    @Test
    void everyRecordHasAKeyOfItsOwn() {
        Set<ByteBuffer> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(seen.add(ByteBuffer.wrap(keys.next("u")))).isTrue();
        }
    }

    @Test
    void aKeyTellsItsUser() {
        for (String uid : new String[] {"u", "Jürgen", "123456789012", "日本"}) {
            byte[] key = keys.next(uid);
            assertThat(RecordKey.uid(key)).contains(uid);
            assertThat(RecordKey.belongsTo(key, uid)).isTrue();
            assertThat(RecordKey.belongsTo(key, uid + "x")).isFalse();
            assertThat(RecordKey.isUnique(key)).isTrue();
        }
    }

    @Test
    void aBareIdIsAKeyToo() {
        byte[] key = "1234567890123".getBytes(StandardCharsets.UTF_8);
        assertThat(RecordKey.isUnique(key)).isFalse();
        assertThat(RecordKey.uid(key)).isEmpty();
        assertThat(RecordKey.belongsTo(key, "1234567890123")).isTrue();
        assertThat(RecordKey.belongsTo(key, "1234")).isFalse();
    }

    @Test
    void aKeyOfNobodyIsUnique() {
        assertThat(RecordKey.uid(keys.next(""))).contains("");
    }
}
