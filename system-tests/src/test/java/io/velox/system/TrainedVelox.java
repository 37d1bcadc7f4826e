package io.velox.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A standalone process with an als version that Spark trained and two linear models, of which one accumulates. It is shared by the test
 * classes that take it as a parameter: the first one pays for the training. Whoever uses it leaves it running, and touches no users but
 * its own.
 */
final class TrainedVelox implements AutoCloseable {
    private static final int RATINGS = 10_000;

    /** The length of the linear model's items. */
    static final int LINEAR_INPUTS = 3;

    /** The models that learn every observation of an item. */
    static final Set<String> ACCUMULATING = Set.of("every");

    /**
     * Reads that name no time-out give up soon, since tests make receipts up that are never reached; the state has long to answer, since
     * a slow machine is no finding.
     */
    private static final String CONFIGURATION = """
            serving:
              receipt-timeout-ms: 1000
            queryable-state:
              timeout-ms: 20000
            models:
              als: {kind: als, rank: 8, regularization: 0.1, iterations: 5, item-bias: true, prior: gaussian}
              linear: {kind: linear, length: %1$d, intercept: true, regularization: 1.0, noise: 0.5}
              every: {kind: linear, length: %1$d, intercept: true, regularization: 2.0, noise: 0.5, repeat: accumulate}
            """.formatted(LINEAR_INPUTS);

    private final Path folder;
    private final List<Rating> ratings;
    private VeloxProcess process;

    private TrainedVelox(Path folder, List<Rating> ratings, VeloxProcess process) {
        this.folder = folder;
        this.ratings = ratings;
        this.process = process;
    }

    /** Gives test classes the one that they share. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TrainedVelox.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(TrainedVelox.class))
                    .getOrComputeIfAbsent(TrainedVelox.class, key -> start(), TrainedVelox.class);
        }
    }

    private static TrainedVelox start() {
        try {
            Path folder = Files.createTempDirectory("velox-trained");
            List<Rating> ratings = Ratings.load(RATINGS);
            Files.writeString(folder.resolve("velox.yaml"), CONFIGURATION);
            TrainedVelox velox = new TrainedVelox(folder, ratings, startProcess(folder));
            velox.train();
            return velox;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void train() throws IOException {
        boolean isTrained = false;
        try {
            loop().awaitApplied(loop().observe(ratings));
            loop().retrain("als");
            isTrained = true;
        } finally {
            if (!isTrained) {
                close();
            }
        }
    }

    private static VeloxProcess startProcess(Path folder) throws IOException {
        return VeloxProcess.start(folder.resolve("data"), "file", folder.resolve("velox.yaml"));
    }

    VeloxProcess process() {
        return process;
    }

    Loop loop() {
        return new Loop(process.api());
    }

    /** What als was trained on. */
    List<Rating> ratings() {
        return ratings;
    }

    /** The history that each user of the training must have. */
    Map<String, Map<String, Double>> histories() {
        return Histories.of(List.of(ratings));
    }

    /** {@code kill -9}, and a new process over what is left; its ports are others. */
    void killAndRestart() throws IOException {
        process.kill();
        process = startProcess(folder);
    }

    @Override
    public void close() throws IOException {
        process.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
