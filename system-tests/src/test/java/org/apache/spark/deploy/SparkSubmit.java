package org.apache.spark.deploy;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Stands in for Spark as a trainer: puts into the store what lies ready beside its own jar, in a folder {@code prepared}, as the version
 * that it is asked for. Packed into a jar and run by the tests of corrupt versions.
 */
public final class SparkSubmit {
    private SparkSubmit() {}

    /** Takes the arguments of the retraining application. */
    public static void main(String[] args) throws IOException, URISyntaxException {
        List<String> arguments = Arrays.asList(args);
        Path jar = Path.of(SparkSubmit.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path model = Path.of(URI.create(after("--store", arguments)))
                .resolve("models")
                .resolve(after("--model", arguments));
        Files.move(jar.resolveSibling("prepared"), model.resolve(after("--version", arguments)));
    }

    private static String after(String option, List<String> arguments) {
        return arguments.get(arguments.indexOf(option) + 1);
    }
}
