package io.velox.serving.access;

import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who can reach an address, and whether a node may listen on it: beyond loopback only with keys, and with TLS around them. */
public final class Exposure {
    private static final Logger LOG = LoggerFactory.getLogger(Exposure.class);

    private Exposure() {}

    /**
     * Refuses addresses that strangers could reach.
     *
     * @throws VeloxException {@code INVALID_CONFIGURATION}, naming the address at fault and what to set
     */
    public static void check(ServingConfiguration serving, AccessConfiguration access) {
        check("serving.host", serving.host(), access);
        check("access.management-host", access.managementHost(), access);
    }

    /** Whether all that the name stands for can be reached from this machine only. */
    static boolean isLoopback(String key, String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            throw refusal(key, "is '" + host + "', which is no address that this machine knows");
        }
    }

    private static void check(String key, String host, AccessConfiguration access) {
        if (isLoopback(key, host)) {
            return;
        }
        if (!access.hasKeys()) {
            throw refusal(
                    key,
                    "is " + host
                            + ", where anyone on the network could read and change everything: set access.keys-file "
                            + "(`velox key new` makes a key), or 127.0.0.1");
        }
        if (access.hasTls()) {
            return;
        }
        if (!access.allowPlainHttp()) {
            throw refusal(
                    key,
                    "is " + host + ", and keys would cross the network unencrypted: set access.tls-certificate and "
                            + "access.tls-key, or access.allow-plain-http where TLS ends in front of Velox");
        }
        LOG.warn(
                "{} is {} in plain HTTP: keys and users' data cross the network unencrypted, unless TLS ends in front "
                        + "of Velox (access.allow-plain-http)",
                key,
                host);
    }

    private static VeloxException refusal(String key, String message) {
        return VeloxException.ofField(ErrorCode.INVALID_CONFIGURATION, key, key + " " + message);
    }
}
