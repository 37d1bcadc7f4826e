package io.velox.serving.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.model.Impression;
import io.velox.core.model.Impression.Policy;
import io.velox.core.model.Item;
import io.velox.core.model.ModelVersion;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImpressionKeysTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_790_000_000), ZoneOffset.UTC);
    private static final ModelVersion ALS_3 = new ModelVersion("als", 3);
    private static final Item FILM = Item.ofId("50");

    private final ImpressionKeys keys = new ImpressionKeys(List.of(secret(1)), CLOCK);

    private static byte[] secret(int seed) {
        byte[] secret = new byte[32];
        secret[0] = (byte) seed;
        return secret;
    }

    private String signed(String uid) {
        return keys.sign(Policy.UNIFORM, ALS_3, Optional.of(uid), FILM, 0.0125);
    }

    @Test
    void saysWhatTheAnswerWas() {
        assertThat(signed("u1")).startsWith("uniform:als/3/0.0125/1790000000/");
        assertThat(Impression.isUniform(signed("u1"))).isTrue();
        assertThat(Impression.check("impression", signed("u1"))).isNotEqualTo(signed("u1"));
    }

    @Test
    void isKnownAgainForItsUserAndItemAlone() {
        for (int trial = 0; trial < 1_000; trial++) { // with every first character of a nonce
            String impression = signed("u1");

            assertThat(keys.isOurs(impression, "u1", FILM)).isTrue();
            assertThat(keys.isOurs(impression, "u2", FILM)).isFalse();
            assertThat(keys.isOurs(impression, "u1", Item.ofId("51"))).isFalse();
        }
    }

    @Test
    void ofSomebodyWithoutANameIsKnownForAnybody() {
        String impression = keys.sign(Policy.UCB, ALS_3, Optional.empty(), FILM, 1);

        assertThat(keys.isOurs(impression, "u1", FILM)).isTrue();
        assertThat(keys.isOurs(impression, "u1", Item.ofId("51"))).isFalse();
    }

    @Test
    void noCharacterCanBeChanged() {
        String impression = signed("u1");
        for (int i = 0; i < impression.length(); i++) {
            // The last character of a code has bits that say nothing.
            char other = impression.charAt(i) == 'A' ? 'Q' : i == impression.length() - 1 ? '=' : 'A';
            String forged = impression.substring(0, i) + other + impression.substring(i + 1);
            assertThat(keys.isOurs(forged, "u1", FILM)).as(forged).isFalse();
        }
        for (String forged : List.of("", "uniform:7", "uniform:als/3/1/1/x/", "/", "//", "uniform:/é/é")) {
            assertThat(keys.isOurs(forged, "u1", FILM)).as(forged).isFalse();
        }
    }

    @Test
    void anotherKeyDoesNotKnowItUntilItIsUsedToo() {
        String impression = signed("u1");
        ImpressionKeys other = new ImpressionKeys(List.of(secret(2)), CLOCK);
        assertThat(other.isOurs(impression, "u1", FILM)).isFalse();

        other.use(List.of(secret(2), secret(1)));

        assertThat(other.isOurs(impression, "u1", FILM)).isTrue();
        assertThat(keys.isOurs(other.sign(Policy.UCB, ALS_3, Optional.of("u1"), FILM, 1), "u1", FILM))
                .isFalse();
        assertThatThrownBy(() -> other.use(List.of())).hasMessage("keys must be at least one");
    }

    @Test
    void noIdIsTooLong() {
        ModelVersion longest = new ModelVersion("m".repeat(63), Integer.MAX_VALUE);
        String impression = keys.sign(Policy.THOMPSON, longest, Optional.empty(), FILM, Float.MIN_NORMAL);

        assertThat(impression.length()).isLessThanOrEqualTo(200);
    }
}
