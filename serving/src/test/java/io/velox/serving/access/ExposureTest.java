package io.velox.serving.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.error.VeloxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExposureTest {
    private static final String LOOPBACK = "127.0.0.1";

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.10", "::1", "localhost"})
    void loopbackNeedsNothing(String host) {
        assertThatCode(() -> Exposure.check(serving(host), access("", "", false, host)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7"})
    void beyondLoopbackThereMustBeKeysAndTlsOrTheWordOfTheOperator(String host) {
        ServingConfiguration open = serving(host);
        assertThatThrownBy(() -> Exposure.check(open, access("", "cert.pem", true, LOOPBACK)))
                .isInstanceOf(VeloxException.class)
                .hasMessageStartingWith("serving.host is " + host)
                .hasMessageContaining("set access.keys-file");
        assertThatThrownBy(() -> Exposure.check(open, access("keys", "", false, LOOPBACK)))
                .hasMessageStartingWith("serving.host is " + host)
                .hasMessageContainingAll("access.tls-certificate", "access.allow-plain-http");
        assertThatCode(() -> Exposure.check(open, access("keys", "cert.pem", false, LOOPBACK)))
                .doesNotThrowAnyException();
        assertThatCode(() -> Exposure.check(open, access("keys", "", true, LOOPBACK)))
                .doesNotThrowAnyException();
    }

    @Test
    void theManagementPortIsHeldToTheSame() {
        assertThatThrownBy(() -> Exposure.check(serving(LOOPBACK), access("", "", false, "0.0.0.0")))
                .hasMessageStartingWith("access.management-host is 0.0.0.0")
                .hasMessageContaining("set access.keys-file");
    }

    @Test
    void aNameThatIsNoAddressIsRefused() {
        assertThatThrownBy(() -> Exposure.check(serving("no.such.host.invalid"), access("", "", false, LOOPBACK)))
                .hasMessage("serving.host is 'no.such.host.invalid', which is no address that this machine knows");
    }

    private static ServingConfiguration serving(String host) {
        return new ServingConfiguration(host, 8080, 8081, 1, 1, 1, 1, 1, 1, 1, 1);
    }

    private static AccessConfiguration access(String keys, String tls, boolean plain, String managementHost) {
        return new AccessConfiguration(keys, tls, tls, plain, managementHost, 0, 1);
    }
}
