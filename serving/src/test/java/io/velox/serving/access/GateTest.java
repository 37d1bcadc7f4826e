package io.velox.serving.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.velox.serving.access.AccessRefusal.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
    private static final KeyRing RING = KeysFile.read(
            Path.of("keys"), (Keys.line("shop", Role.OBSERVE) + "\n" + Keys.line("ops", Role.ADMIN)).getBytes(UTF_8));

    private final AtomicLong nanoTime = new AtomicLong(-7);

    @ParameterizedTest
    @CsvSource({
        "localhost:8080,",
        "127.0.0.1,",
        "[::1]:8080,",
        "LOCALHOST.,",
        "a.localhost:80,",
        "localhost:8080,http://localhost:8080",
        "127.0.0.1:1,https://127.0.0.1:1"
    })
    void withoutKeysThePagesOfTheHostItselfMayAsk(String host, @Nullable String origin) {
        Gate open = new Gate(Optional::empty, new RateLimits(0, nanoTime::get));
        assertThatCode(() -> open.refuseForeignPages(origin, host)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example,,Host",
        "evil.example:8080,http://evil.example:8080,Host",
        "127.0.0.1.evil.example,,Host",
        "localhost.evil.example,,Host",
        "localhost:8080,http://evil.example,Origin",
        "localhost:8080,http://localhost:9090,Origin",
        "127.0.0.1:8080,null,Origin"
    })
    void withoutKeysOtherPagesMayNot(String host, @Nullable String origin, String header) {
        Gate open = new Gate(Optional::empty, new RateLimits(0, nanoTime::get));
        assertThatThrownBy(() -> open.refuseForeignPages(origin, host))
                .isInstanceOf(AccessRefusal.class)
                .hasMessageStartingWith(header + " must be");
    }

    @Test
    void withKeysItIsTheKeyThatCounts() {
        Gate keyed = new Gate(() -> Optional.of(RING), new RateLimits(0, nanoTime::get));
        assertThatCode(() -> keyed.refuseForeignPages("http://evil.example", "velox.example"))
                .doesNotThrowAnyException();
    }

    @Test
    void withoutKeysEveryoneMayDoEverything() {
        Gate gate = new Gate(Optional::empty, limits(0));

        assertThat(gate.enter(null, "127.0.0.1").role()).isEqualTo(Role.ADMIN);
        assertThat(gate.enter("Bearer whatever", "127.0.0.1").role()).isEqualTo(Role.ADMIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer velox_shop", "bearer velox_shop", "BEARER   velox_shop "})
    void aGoodKeyHasItsRole(String authorization) {
        assertThat(gate(0).enter(authorization, "a").role()).isEqualTo(Role.OBSERVE);
    }

    @Test
    void noKeyAndAWrongOneAreTurnedAway() {
        assertThat(refused(gate(0), null, "a").reason()).isEqualTo(Reason.NO_KEY);
        for (String wrong : new String[] {
            "",
            "velox_shop",
            "Basic velox_shop",
            "Bearer",
            "Bearer velox_sho",
            "Bearer velox_shop velox_ops",
            "Bearer ä"
        }) {
            assertThat(refused(gate(0), wrong, "a").reason()).as(wrong).isEqualTo(Reason.WRONG_KEY);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRoleIncludesThoseBeforeItAndNoOther(Role role) {
        for (Role needed : Role.values()) {
            if (needed.compareTo(role) <= 0) {
                assertThatCode(() -> Gate.require(needed, role)).doesNotThrowAnyException();
            } else {
                AccessRefusal refusal = catchThrowableOfType(AccessRefusal.class, () -> Gate.require(needed, role));
                assertThat(refusal.reason()).isEqualTo(Reason.ROLE_TOO_LOW);
                assertThat(refusal.neededRole()).contains(needed.toString());
                assertThat(refusal).hasMessageContainingAll(needed.toString(), role.toString());
            }
        }
    }

    @Test
    void eachKeyHasASecondsWorthOfRequestsWhichFlowBackEvenly() {
        Gate gate = gate(2);
        gate.enter("Bearer velox_shop", "a");
        gate.enter("Bearer velox_shop", "b");

        AccessRefusal refusal = refused(gate, "Bearer velox_shop", "c");
        assertThat(refusal.reason()).isEqualTo(Reason.TOO_MANY_REQUESTS);
        assertThat(refusal.waitSeconds()).isEqualTo(1);
        gate.enter("Bearer velox_ops", "a");
        pass(Duration.ofMillis(499));
        refused(gate, "Bearer velox_shop", "c");
        pass(Duration.ofMillis(1));
        gate.enter("Bearer velox_shop", "c");
        refused(gate, "Bearer velox_shop", "c");
        pass(Duration.ofHours(1));
        gate.enter("Bearer velox_shop", "c");
        gate.enter("Bearer velox_shop", "c");
        refused(gate, "Bearer velox_shop", "c");
    }

    @Test
    void whoHasNoGoodKeyIsCountedByAddressAndDoesNotUseUpAnyKeys() {
        Gate gate = gate(1);

        assertThat(refused(gate, "Bearer velox_guess", "a").reason()).isEqualTo(Reason.WRONG_KEY);
        assertThat(refused(gate, null, "a").reason()).isEqualTo(Reason.TOO_MANY_REQUESTS);
        assertThat(refused(gate, null, "b").reason()).isEqualTo(Reason.NO_KEY);
        assertThat(gate.enter("Bearer velox_shop", "a").role()).isEqualTo(Role.OBSERVE);
    }

    @Test
    void withoutKeysRequestsAreCountedByAddress() {
        Gate gate = new Gate(Optional::empty, limits(1));
        gate.enter(null, "a");
        gate.enter(null, "b");

        assertThat(refused(gate, null, "a").reason()).isEqualTo(Reason.TOO_MANY_REQUESTS);
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    private RateLimits limits(int requestsPerSecond) {
        return new RateLimits(requestsPerSecond, nanoTime::get);
    }

    private Gate gate(int requestsPerSecond) {
        return new Gate(() -> Optional.of(RING), limits(requestsPerSecond));
    }

    private static AccessRefusal refused(Gate gate, @Nullable String authorization, String address) {
        return catchThrowableOfType(AccessRefusal.class, () -> gate.enter(authorization, address));
    }
}
