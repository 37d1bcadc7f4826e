package io.velox.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The versions of the engines, by the jars that the build put together for running. */
public final class Versions {
    private static final Map<String, String> ENGINES = Map.of(
            "flink", "flink-runtime",
            "kafka", "kafka-clients",
            "rocksdb", "frocksdbjni",
            "spark", "spark-core_2.13",
            "vertx", "vertx-core");

    private Versions() {}

    /**
     * Looks into the folders of jars of a built Velox.
     *
     * @throws IOException if one of them is missing
     */
    public static SortedMap<String, String> in(Path home) throws IOException {
        SortedMap<String, String> versions = new TreeMap<>();
        for (String module : List.of("standalone", "spark-retrain")) {
            try (Stream<Path> jars = Files.list(home.resolve(module).resolve("target/lib"))) {
                List<String> names =
                        jars.map(jar -> String.valueOf(jar.getFileName())).toList();
                ENGINES.forEach((engine, artifact) ->
                        version(names, artifact).ifPresent(version -> versions.put(engine, version)));
            }
        }
        return versions;
    }

    private static Optional<String> version(List<String> names, String artifact) {
        return names.stream()
                .filter(name -> name.startsWith(artifact + "-") && name.endsWith(".jar"))
                .map(name -> name.substring(artifact.length() + 1, name.length() - ".jar".length()))
                .filter(version -> Character.isDigit(version.charAt(0)))
                .findFirst();
    }
}
