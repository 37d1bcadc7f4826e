package io.velox.standalone;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.config.VeloxConfiguration.AccessConfiguration;
import io.velox.core.error.VeloxException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * One run of a node from a terminal: says what it does on {@code out}, and why it ends on {@code err}.
 *
 * <p>Loggers are first used after {@link #run}, which tells them where the log is.
 */
final class Session {
    /** Of an engine that did not start or ended by itself. */
    static final int FAILED = 1;

    private final NodeOptions options;
    private final Workload workload;
    private final PrintStream out;
    private final PrintStream err;

    Session(NodeOptions options, Workload workload, PrintStream out, PrintStream err) {
        this.options = options;
        this.workload = workload;
        this.out = out;
        this.err = err;
    }

    /** What is done with a node that is ready. */
    @FunctionalInterface
    interface Course {
        /** An exit code to end with; empty to stay up. */
        OptionalInt run(StandaloneNode node, StoreKind store);
    }

    /**
     * Starts a node, follows the course, and stays up if that says so.
     *
     * @return the process's exit code
     */
    int run(Path dataDirectory, Course course) {
        Path logs = dataDirectory.toAbsolutePath().normalize().resolve("logs");
        System.setProperty("velox.logs", logs.toString());
        try (DataDirectory data = DataDirectory.open(dataDirectory, Clock.systemUTC())) {
            StoreKind store = data.storeKind(options.store());
            VeloxConfiguration given = ConfigurationReader.read(options.conf(), System.getenv());
            Installation installation = Installation.find(System.getenv());
            out.println("Velox starts in " + data.root() + ", with its store in "
                    + (store == StoreKind.alluxio ? "an Alluxio beside it" : "a folder") + " …");
            List<String> ignored = Addresses.ignoredKeys(given, ConfigurationReader.defaults());
            if (!ignored.isEmpty()) {
                out.println("Not used here, because everything is embedded: " + String.join(", ", ignored));
            }
            Termination.exitsWell(() -> out.println("Velox stops …"));
            try (StandaloneNode node = StandaloneNode.start(data, store, given, installation, workload)) {
                describe(node, logs);
                OptionalInt code = course.run(node, store);
                return code.isPresent() ? code.getAsInt() : stay(node, logs);
            }
        } catch (StartFailure | VeloxException e) {
            err.println("velox: " + e.getMessage());
            err.println("velox: the log is " + logs.resolve("velox.log"));
            return FAILED;
        }
    }

    private int stay(StandaloneNode node, Path logs) {
        out.println("Stop it with Ctrl-C.");
        String reason = node.failure().join();
        err.println("velox: " + reason + "; Velox stops. The log is " + logs.resolve("velox.log"));
        return FAILED;
    }

    private void describe(StandaloneNode node, Path logs) {
        VeloxConfiguration configuration = node.configuration();
        URI api = node.api();
        out.println(String.format(Locale.ROOT, "Ready in %.1f s.", node.startSeconds()));
        out.println("  API         " + api);
        out.println("  management  " + node.management() + "  (/health/ready, /metrics)");
        out.println("  Kafka       " + configuration.kafka().bootstrapServers());
        out.println("  Flink job   from " + node.jobStartedFrom() + ", state queries on "
                + configuration.queryableState().proxies());
        out.println("  store       " + configuration.store().root());
        out.println("  log         " + logs.resolve("velox.log"));
        AccessConfiguration access = configuration.access();
        String curl = "  curl -s " + (access.hasKeys() ? "-H \"Authorization: Bearer $VELOX_KEY\" " : "")
                + (access.hasTls() ? "--cacert " + access.tlsCertificate() + " " : "");
        out.println("Try:");
        out.println(curl + api + "/v1/models");
        out.println(curl + "-H 'Content-Type: application/json' -d '{\"uid\":\"u1\",\"item\":\"1\",\"label\":4.5}' "
                + api + "/v1/observe");
        out.println(curl + api + "/v1/users/u1");
        out.flush();
    }
}
