package io.velox.standalone;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that starts a node. */
final class NodeOptions {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "The folder under which everything is kept; a second start over it goes on where the first ended.")
    private @Nullable Path dataDirectory;

    @Option(
            names = "--store",
            paramLabel = "file|alluxio",
            description =
                    "Where versions, archive and checkpoints lie: in a folder, or in an Alluxio that is started beside "
                            + "(default: what the data directory has, else file).")
    private @Nullable StoreKind store;

    @Option(
            names = "--conf",
            paramLabel = "FILE",
            description =
                    "Keys that differ from conf/velox.yaml; VELOX_* variables come after it (default: $$VELOX_CONF).")
    private @Nullable Path conf;

    Optional<Path> dataDirectory() {
        return Optional.ofNullable(dataDirectory);
    }

    Optional<StoreKind> store() {
        return Optional.ofNullable(store);
    }

    Optional<Path> conf() {
        return Optional.ofNullable(conf)
                .or(() -> Optional.ofNullable(System.getenv("VELOX_CONF")).map(Path::of));
    }
}
