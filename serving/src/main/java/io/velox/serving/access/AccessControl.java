package io.velox.serving.access;

import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import io.velox.core.config.VeloxConfiguration.ServingConfiguration;
import io.velox.core.error.VeloxException;
import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What the configuration says about access, made of its files and kept up to date with them. Safe for use from any thread. */
public final class AccessControl {
    private static final long CHECK_MILLIS = 1_000;

    private final AccessConfiguration configuration;
    private final boolean isManagementExposed;
    private final Optional<Reloaded<KeyRing>> keys;
    private final Optional<Reloaded<ServerSSLOptions>> certificate;
    private final Gate gate;

    private AccessControl(
            AccessConfiguration configuration,
            Optional<Reloaded<KeyRing>> keys,
            Optional<Reloaded<ServerSSLOptions>> certificate,
            LongSupplier nanoTime) {
        this.configuration = configuration;
        this.isManagementExposed = !Exposure.isLoopback("access.management-host", configuration.managementHost());
        this.keys = keys;
        this.certificate = certificate;
        this.gate = new Gate(
                () -> keys.map(Reloaded::current), new RateLimits(configuration.requestsPerSecond(), nanoTime));
    }

    /**
     * Reads keys and certificate, where there are any. They are looked at again every second once {@link #watch} is called.
     *
     * @param nanoTime as {@link System#nanoTime}, for the limits
     * @throws VeloxException {@code INVALID_CONFIGURATION} when a file is not what it should be, or a host may not be listened on
     */
    public static AccessControl open(
            Vertx vertx, ServingConfiguration serving, AccessConfiguration configuration, LongSupplier nanoTime) {
        Exposure.check(serving, configuration);
        Optional<Reloaded<KeyRing>> keys = Optional.empty();
        if (configuration.hasKeys()) {
            Path file = Path.of(configuration.keysFile());
            keys = Optional.of(
                    Reloaded.of("access.keys-file", List.of(file), contents -> KeysFile.read(file, contents.get(0))));
            KeysFile.requireSome(file, keys.get().current());
        }
        Optional<Reloaded<ServerSSLOptions>> certificate = Optional.empty();
        if (configuration.hasTls()) {
            List<Path> files = List.of(Path.of(configuration.tlsCertificate()), Path.of(configuration.tlsKey()));
            certificate = Optional.of(
                    Reloaded.of(PemCertificate.KEY, files, contents -> PemCertificate.read(vertx, contents)));
        }
        return new AccessControl(configuration, keys, certificate, nanoTime);
    }

    /** Looks at the files every second from now on, until the scheduler ends. */
    public AccessControl watch(ScheduledExecutorService scheduler) {
        if (keys.isPresent() || certificate.isPresent()) {
            var unused =
                    scheduler.scheduleWithFixedDelay(this::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
        return this;
    }

    /** Looks at the files now; called by one thread. */
    public void check() {
        keys.ifPresent(Reloaded::check);
        certificate.ifPresent(Reloaded::check);
    }

    public Gate gate() {
        return gate;
    }

    /** The options of TLS, and what they become when the files change; empty for plain HTTP. */
    public Optional<Reloaded<ServerSSLOptions>> certificate() {
        return certificate;
    }

    /** Whether more than this machine can reach the management port. */
    public boolean isManagementExposed() {
        return isManagementExposed;
    }

    public String managementHost() {
        return configuration.managementHost();
    }

    /** That each port keeps open. */
    public int maxConnections() {
        return configuration.maxConnections();
    }

    /** By name, what of the files could not be taken up, or nothing where all is well. */
    public SortedMap<String, Optional<String>> troubles() {
        SortedMap<String, Optional<String>> troubles = new TreeMap<>();
        keys.ifPresent(k -> troubles.put("access-keys", k.trouble()));
        certificate.ifPresent(c -> troubles.put("access-certificate", c.trouble()));
        return troubles;
    }
}
