package io.velox.standalone;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the build put the jars of the processes that this one starts: a clone of the repository, {@code home}. */
public record Installation(Path home) {
    private static final String CURE = "; build Velox first: scripts/velox does, or mvn -DskipTests package";

    public Installation {
        home = home.toAbsolutePath().normalize();
    }

    /**
     * Finds it: {@code VELOX_HOME}, or the folder above this class's own jar that looks like it.
     *
     * @throws StartFailure if there is none
     */
    public static Installation find(Map<String, String> environment) {
        String named = environment.get("VELOX_HOME");
        if (named != null && !named.isBlank()) {
            if (!looksRight(Path.of(named))) {
                throw new StartFailure("VELOX_HOME is " + named + ", which is not a folder of Velox");
            }
            return new Installation(Path.of(named));
        }
        for (Path folder = ownJar(); folder != null; folder = folder.getParent()) {
            if (looksRight(folder)) {
                return new Installation(folder);
            }
        }
        throw new StartFailure("the folder of Velox was not found; set VELOX_HOME");
    }

    private static boolean looksRight(Path folder) {
        return Files.isDirectory(folder.resolve("deploy/alluxio-server"))
                && Files.isDirectory(folder.resolve("spark-retrain"));
    }

    private static Path ownJar() {
        try {
            return Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The folder of jars of an Alluxio master and worker. */
    public Path alluxioJars() {
        Path folder = home.resolve("deploy/alluxio-server/target/lib");
        jar(folder, "alluxio-core-server-master-*.jar");
        return folder;
    }

    /** The folder of jars of Spark and of the retraining application. */
    public Path retrainJars() {
        Path folder = home.resolve("spark-retrain/target/lib");
        jar(folder, "velox-spark-retrain-*.jar");
        return folder;
    }

    /** The jar of the retraining application. */
    public Path retrainApplication() {
        return jar(retrainJars(), "velox-spark-retrain-*.jar");
    }

    private static Path jar(Path folder, String name) {
        if (!Files.isDirectory(folder)) {
            throw new StartFailure(folder + " is missing" + CURE);
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, name)) {
            for (Path found : jars) {
                return found;
            }
        } catch (IOException e) {
            throw new StartFailure(folder + " cannot be read: " + e, e);
        }
        throw new StartFailure(folder + " holds no " + name + CURE);
    }

    /** The Java that runs this process. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
