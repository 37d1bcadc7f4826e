package io.velox.standalone;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code velox standalone}: runs until it is told to end. */
@Command(
        name = "standalone",
        mixinStandardHelpOptions = true,
        description = "Run Velox: Kafka, Flink and serving in one process, everything under one folder.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private final NodeOptions options = new NodeOptions();

    @Override
    public Integer call() {
        return new Session(options, Workload.velox(), System.out, System.err)
                .run(options.dataDirectory().orElse(Path.of("velox-data")), (node, store) -> OptionalInt.empty());
    }
}
