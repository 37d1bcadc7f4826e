package io.velox.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.error.VeloxException;
import io.velox.core.item.Metadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemRecordTest {
    @Test
    void isReadAsItWasWritten() throws IOException {
        ItemRecord record = new ItemRecord(
                "als",
                "a/b 日本",
                new Metadata(new TreeMap<>(Map.of("genre", List.of("Drama", "Comedy"), "year", List.of("1999")))),
                Instant.parse("2026-03-01T10:00:00.125Z"));

        assertThat(RecordCodec.read(RecordCodec.write(record), ItemRecord.class))
                .isEqualTo(record);
        assertThat(ItemKey.of(record.key().bytes())).isEqualTo(record.key());
    }

    @Test
    void theKeyBeginsWithTheModel() {
        assertThat(new ItemKey("als", "a/b").bytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("als/a/b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "als", "/50", "als/", "Als/50"})
    void otherBytesAreNoKey(String text) {
        assertThatThrownBy(() -> ItemKey.of(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(VeloxException.class);
    }
}
