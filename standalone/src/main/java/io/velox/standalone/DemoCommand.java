package io.velox.standalone;

import io.velox.standalone.demo.DataSetException;
import io.velox.standalone.demo.Demo;
import io.velox.standalone.demo.DemoArguments;
import io.velox.standalone.demo.DemoOptions;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code velox demo}: runs, and shows on a data set what it can do. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Start Velox, import a data set, train, go live, and show how the answers change; then stay up.")
final class DemoCommand implements Callable<Integer> {
    private static final DateTimeFormatter FOLDER = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Mixin
    private final NodeOptions options = new NodeOptions();

    @Mixin
    private final DemoArguments arguments = new DemoArguments();

    @Option(names = "--exit", description = "End when it is over.")
    private boolean exit;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path home = Installation.find(System.getenv()).home().resolve(".velox");
        Path data = options.dataDirectory()
                .orElseGet(() -> home.resolve("demo-" + FOLDER.format(LocalDateTime.now(ZoneId.systemDefault()))));
        Demo demo;
        try {
            demo = Demo.of(shown(home), System.out);
        } catch (DataSetException e) {
            System.err.println("velox demo: " + e.getMessage());
            return Session.FAILED;
        }
        int trainingHeapMib = TrainingHeap.mib(demo.ratings(), TrainingHeap.machineMib());
        return new Session(options, Workload.velox(), trainingHeapMib, System.out, System.err)
                .run(data, (node, store) -> {
                    int code = demo.run(node.api(), !exit, store.name());
                    return exit || code != 0 ? OptionalInt.of(code) : OptionalInt.empty();
                });
    }

    private DemoOptions shown(Path home) {
        try {
            return arguments.options(home);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
