package io.velox.job.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.velox.core.log.RecordCodec;
import io.velox.core.log.RecordKey;
import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.user.Revision;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogRecordDecoderTest {
    private final LogRecordDecoder decoder = new LogRecordDecoder(3);

    @Test
    void aRecordGetsItsPlaceAndContent() {
        UserRecord content = new UserRecord.Observed("u\u00fc", Item.ofId("i"), 4, 7, null, null);
        LogRecord record = decoder.decode(kafka("u\u00fc", RecordCodec.write(content)));
        assertThat(record.decoded()).isEqualTo(content);
        assertThat(record.position()).isEqualTo(new Revision(3, 2, 41));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "null",
                "[]",
                "{}",
                "{\"type\":\"strange\",\"uid\":\"u\"}",
                "{\"type\":\"observed\",\"uid\":\"u\"}",
                "{\"type\":\"observed\",\"item\":\"i\",\"label\":3,\"timestamp\":1}",
                "{\"type\":\"observed\",\"uid\":\"u\",\"item\":true,\"label\":3,\"timestamp\":1}",
                "{\"type\":\"observed\",\"uid\":\"u\",\"item\":\"i\",\"label\":1e300,\"timestamp\":1}",
                "{\"type\":\"observed\",\"uid\":\"u\",\"item\":\"i\",\"label\":\"NaN\",\"timestamp\":1}",
                "{\"type\":\"observed\",\"uid\":\"other\",\"item\":\"i\",\"label\":3,\"timestamp\":1}",
                "{\"type\":\"withdrawn\",\"uid\":\"u\"}",
                "{\"type\":\"rebased\",\"uid\":\"u\",\"model\":\"als\",\"version\":0,\"manifest\":\"m\"}",
                "{\"type\":\"rebased\",\"uid\":\"u\",\"model\":\"als\",\"version\":1}"
            })
    void whatIsNoRecordOfTheUserIsUndecodableAndSaysWhy(String value) {
        LogRecord record = decoder.decode(kafka("u", value.getBytes(StandardCharsets.UTF_8)));
        assertThat(record.isDecoded()).isFalse();
        assertThat(record.problem()).contains("Exception").hasSizeLessThanOrEqualTo(300);
        assertThat(record.position()).isEqualTo(new Revision(3, 2, 41));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret",
                "{\"type\":\"secret\",\"uid\":\"u\"}",
                "{\"type\":\"observed\",\"uid\":\"secret\",\"item\":\"i\",\"label\":3,\"timestamp\":1}",
                "{\"type\":\"observed\",\"uid\":\"u\",\"item\":\"i\",\"label\":\"secret\",\"timestamp\":1}",
                "{\"type\":\"observed\",\"uid\":\"u\",\"item\":{\"secret\":1e999},\"label\":1e300,\"timestamp\":1}"
            })
    void whatIsSaidOfAnUndecodableRecordHoldsNothingOfIt(String value) {
        assertThat(decoder.decode(kafka("u", value.getBytes(StandardCharsets.UTF_8)))
                        .problem())
                .doesNotContain("secret");
    }

    @Test
    void aTombstoneSaysNothingAndHasAPlace() {
        LogRecord record = decoder.decode(kafka("u", null));
        assertThat(record).isEqualTo(LogRecord.tombstone(new Revision(3, 2, 41), record.timestamp()));
        assertThat(record.isTombstone()).isTrue();
        assertThat(record.isDecoded()).isFalse();
    }

    @Test
    void theTombstoneOfForgettingErasesItsUser() {
        byte[] key = new RecordKey.Source().next("u");
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 2, 41, key, null);
        record.headers().add(RecordKey.ERASED, new byte[0]);
        assertThat(decoder.decode(record).decoded()).isEqualTo(new UserRecord.Erased("u"));
    }

    @Test
    void theTombstoneOfAnImpossibleUserIsUndecodable() {
        byte[] key = new RecordKey.Source().next("u".repeat(10_000));
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 2, 41, key, null);
        record.headers().add(RecordKey.ERASED, new byte[0]);
        assertThat(decoder.decode(record).isDecoded()).isFalse();
        assertThat(decoder.decode(record).problem()).isNotEmpty();
    }

    @Test
    void aRecordMayHaveAKeyOfItsOwn() {
        byte[] value = RecordCodec.write(new UserRecord.Forgotten("u"));
        byte[] own = new RecordKey.Source().next("u");
        byte[] others = new RecordKey.Source().next("v");
        assertThat(decoder.decode(new ConsumerRecord<>("t", 2, 41, own, value)).isDecoded())
                .isTrue();
        assertThat(decoder.decode(new ConsumerRecord<>("t", 2, 41, others, value))
                        .isDecoded())
                .isFalse();
    }

    @Test
    void aRecordWithoutKeyIsUndecodable() {
        assertThat(decoder.decode(new ConsumerRecord<>("t", 2, 41, null, new byte[0]))
                        .isDecoded())
                .isFalse();
    }

    private static ConsumerRecord<byte[], byte[]> kafka(String key, byte[] value) {
        return new ConsumerRecord<>("t", 2, 41, key.getBytes(StandardCharsets.UTF_8), value);
    }
}
