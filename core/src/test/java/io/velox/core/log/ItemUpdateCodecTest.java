package io.velox.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.item.ItemEvidence;
import io.velox.core.model.ModelVersion;
import io.velox.core.user.Revision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ItemUpdateCodecTest {
    private static final ModelVersion VERSION = new ModelVersion("als", 3);
    private static final Revision REVISION = new Revision(1, 2, 12_345_678_901L);

    private final ItemUpdate update = new ItemUpdate(
            VERSION,
            "a/b 😀",
            new ItemUpdate.Value(
                    REVISION,
                    new ItemEvidence(4, new double[] {1, -2.5, 3}, new double[] {Math.PI, Double.MIN_VALUE})));

    @Test
    void isReadAsItWasWritten() throws IOException {
        assertThat(new String(ItemUpdateCodec.key(update), StandardCharsets.UTF_8))
                .isEqualTo("als/3/a/b 😀");
        ItemUpdate read = ItemUpdateCodec.read(ItemUpdateCodec.key(update), ItemUpdateCodec.value(update));
        assertThat(read.version()).isEqualTo(VERSION);
        assertThat(read.item()).isEqualTo("a/b 😀");
        assertThat(read.value().revision()).isEqualTo(REVISION);
        assertThat(read.value().evidence().count()).isEqualTo(4);
        assertThat(read.value().evidence().precision()).containsExactly(1, -2.5, 3);
        assertThat(read.value().evidence().moment()).containsExactly(Math.PI, Double.MIN_VALUE);
    }

    @Test
    void nothingToSayIsATombstone() throws IOException {
        ItemUpdate nothing = new ItemUpdate(VERSION, "7", null);
        assertThat(ItemUpdateCodec.value(nothing)).isNull();
        assertThat(ItemUpdateCodec.read(ItemUpdateCodec.key(nothing), null)).isEqualTo(nothing);
    }

    @Test
    void whatIsDamagedOrNewerIsRefused() {
        byte[] key = ItemUpdateCodec.key(update);
        byte[] value = ItemUpdateCodec.value(update);
        byte[] newer = value.clone();
        newer[0] = 2;
        byte[] ofNoDimension = value.clone();
        Arrays.fill(ofNoDimension, 21, 25, (byte) 0xff);
        for (byte[] bad : List.of(Arrays.copyOf(value, value.length - 1), newer, ofNoDimension, new byte[0])) {
            assertThatThrownBy(() -> ItemUpdateCodec.read(key, bad)).isInstanceOf(IOException.class);
        }
        for (String badKey : List.of("", "als", "als/3", "als/x/7", "Als/3/7")) {
            assertThatThrownBy(() -> ItemUpdateCodec.read(badKey.getBytes(StandardCharsets.UTF_8), value))
                    .isInstanceOf(IOException.class);
        }
    }
}
