package io.velox.standalone;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.error.VeloxException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One run of a node from a terminal: says what it does on {@code out}, and why it ends on {@code err}.
 *
 * <p>Loggers are first used after {@link #run}, which tells them where the log is.
 */
final class Session {
    /** Of an engine that did not start or ended by itself. */
    static final int FAILED = 1;

    private static final String TRAINING_HEAP = "VELOX_RETRAIN_HEAP_MIB";

    private final NodeOptions options;
    private final Workload workload;
    private final int leastTrainingHeapMib;
    private final PrintStream out;
    private final PrintStream err;

    Session(NodeOptions options, Workload workload, PrintStream out, PrintStream err) {
        this(options, workload, 0, out, err);
    }

    /**
     * A run for a known amount of data.
     *
     * @param leastTrainingHeapMib raises {@code retrain.heap-mib} where that is less and not set by the environment
     */
    Session(NodeOptions options, Workload workload, int leastTrainingHeapMib, PrintStream out, PrintStream err) {
        this.options = options;
        this.workload = workload;
        this.leastTrainingHeapMib = leastTrainingHeapMib;
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
            VeloxConfiguration given = configuration(System.getenv());
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

    private VeloxConfiguration configuration(Map<String, String> environment) {
        VeloxConfiguration given = ConfigurationReader.read(options.conf(), environment);
        if (given.retrain().heapMib() >= leastTrainingHeapMib || environment.containsKey(TRAINING_HEAP)) {
            return given;
        }
        out.println("Training gets " + leastTrainingHeapMib + " MiB of heap for so many ratings (" + TRAINING_HEAP
                + " says otherwise).");
        Map<String, String> raised = new HashMap<>(environment);
        raised.put(TRAINING_HEAP, Integer.toString(leastTrainingHeapMib));
        return ConfigurationReader.read(options.conf(), raised);
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
        out.println("Try:");
        out.println("  curl -s " + api + "/v1/models");
        out.println("  curl -s -H 'Content-Type: application/json' -d '{\"uid\":\"u1\",\"item\":\"1\",\"label\":4.5}' "
                + api + "/v1/observe");
        out.println("  curl -s " + api + "/v1/users/u1");
        out.flush();
    }
}
