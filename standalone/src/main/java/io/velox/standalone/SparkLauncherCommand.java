package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration.RetrainConfiguration;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The command line that runs the retraining application under {@code spark-submit}, up to the application's own arguments, which
 * follow it.
 */
public final class SparkLauncherCommand {
    /** What Spark needs opened on Java 17; its own launcher gives the same list. */
    private static final List<String> OPENED = List.of(
            "java.base/java.lang",
            "java.base/java.lang.invoke",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/jdk.internal.ref",
            "java.base/sun.nio.ch",
            "java.base/sun.nio.cs",
            "java.base/sun.security.action",
            "java.base/sun.util.calendar",
            "java.security.jgss/sun.security.krb5");

    private SparkLauncherCommand() {}

    /** Ends a training that outlived the process that asked for it; nobody waits for its result. */
    public static void endLeftOver(Path scratch) {
        ChildProcess.endAllWith("training", mark(scratch));
    }

    /** Gives way to who answers requests on the same machine, where the system has a way to say so. */
    static List<String> politely(String path) {
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "nice"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(nice -> List.of(nice.toString(), "-n", "10"))
                .orElse(List.of());
    }

    /** An argument that only the trainings of this directory have. */
    private static String mark(Path scratch) {
        return "-Djava.io.tmpdir=" + scratch;
    }

    /**
     * The command.
     *
     * @param scratch for Spark's temporary files
     * @throws StartFailure if the jars are not built
     */
    public static List<String> of(Installation installation, RetrainConfiguration retrain, Path scratch) {
        List<String> command = new ArrayList<>(politely(Objects.requireNonNullElse(System.getenv("PATH"), "")));
        command.add(Installation.java());
        command.add("-Xmx" + retrain.heapMib() + "m");
        // ALS is faster by it: netlib picks the Vector API when it is there.
        command.add("--add-modules=jdk.incubator.vector");
        OPENED.forEach(opened -> command.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        command.add("-Djdk.reflect.useDirectMethodHandle=false");
        command.add(mark(scratch));
        command.addAll(List.of("-cp", installation.retrainJars().resolve("*").toString()));
        command.add("org.apache.spark.deploy.SparkSubmit");
        command.addAll(List.of("--master", retrain.master()));
        command.addAll(List.of("--conf", "spark.local.dir=" + scratch));
        command.addAll(List.of("--conf", "spark.ui.enabled=false"));
        if (retrain.master().toLowerCase(Locale.ROOT).startsWith("local")) {
            command.addAll(List.of("--conf", "spark.driver.host=127.0.0.1"));
            command.addAll(List.of("--conf", "spark.driver.bindAddress=127.0.0.1"));
        }
        command.addAll(List.of("--class", "io.velox.retrain.RetrainApplication"));
        command.add(installation.retrainApplication().toString());
        return List.copyOf(command);
    }
}
