package io.velox.system;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.spark.deploy.SparkSubmit;

/**
 * A folder that a standalone process takes for the one of Velox, in which trainings are Spark's or, from one training to the next, those
 * of a stand-in that publishes what a test has prepared.
 */
final class SwitchedTrainer {
    private final Path home;
    private final Path standIn;

    private SwitchedTrainer(Path home, Path standIn) {
        this.home = home;
        this.standIn = standIn;
    }

    /** A new one, in an empty folder, with Spark. */
    static SwitchedTrainer in(Path home) throws IOException {
        Path standIn = home.resolve("stand-in");
        Files.createDirectories(home.resolve("deploy/alluxio-server"));
        Files.createDirectories(home.resolve("spark-retrain"));
        Files.createDirectories(standIn.resolve("lib"));
        pack(standIn.resolve("lib/velox-spark-retrain-0.jar"));
        SwitchedTrainer trainer = new SwitchedTrainer(home, standIn);
        trainer.useSpark();
        return trainer;
    }

    private static void pack(Path jar) throws IOException {
        String name = SparkSubmit.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream classes = new JarOutputStream(out)) {
            classes.putNextEntry(new JarEntry(name));
            Files.copy(
                    Path.of(SparkSubmit.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI())
                            .resolve(name),
                    classes);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For the environment of a process. */
    Map<String, String> environment() {
        return Map.of("VELOX_HOME", home.toString(), "VELOX_LIFECYCLE_GATE_PATIENCE_SECONDS", "2");
    }

    void useSpark() throws IOException {
        use(Repository.home().resolve("spark-retrain/target"));
    }

    /** From now on a training publishes what is in {@link #prepared}, once. */
    void useStandIn() throws IOException {
        use(standIn);
    }

    private void use(Path target) throws IOException {
        Path link = home.resolve("spark-retrain/target");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, target);
    }

    /** The folder that becomes the version's. */
    Path prepared() {
        return standIn.resolve("lib/prepared");
    }
}
