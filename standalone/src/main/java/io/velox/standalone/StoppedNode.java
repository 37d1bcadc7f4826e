package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import io.velox.standalone.EmbeddedKafka.KafkaPorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/** The data directory of a standalone Velox that does not run: its log and its store, without the job and serving. */
final class StoppedNode {
    private StoppedNode() {}

    /**
     * Starts the log and the store, and stops them when the work is done.
     *
     * @param given of which the addresses of the log and the store are replaced
     * @throws StartFailure if there is no Velox in the directory, or if it runs
     */
    static void with(Path directory, VeloxConfiguration given, Consumer<VeloxConfiguration> work) {
        if (!Files.isDirectory(directory.resolve("kafka"))) {
            throw new StartFailure(directory + " is not the data directory of a Velox: it has no folder kafka");
        }
        try (DataDirectory data = DataDirectory.open(directory, Clock.systemUTC())) {
            Addresses addresses = Addresses.take(data, data.storeKind(Optional.empty()));
            KafkaPorts ports = addresses.kafka();
            try (Engine store = store(addresses);
                    EmbeddedKafka log = EmbeddedKafka.start(data.folder("kafka"), ports)) {
                work.accept(addresses.in(given, data));
            }
        }
    }

    private static Engine store(Addresses addresses) {
        return addresses
                .alluxio()
                .<Engine>map(settings -> AlluxioProcesses.start(
                        Installation.find(System.getenv()).alluxioJars(), settings))
                .orElse(() -> {});
    }
}
