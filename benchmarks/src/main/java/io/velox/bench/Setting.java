package io.velox.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a benchmark is given.
 *
 * @param home the folder of Velox, built
 * @param scratch an empty folder of its own, deleted afterwards
 * @param results where pictures and raw samples go
 * @param quick a smoke run: about a minute, with figures that mean little
 * @param duration of a benchmark that could go on for ever; empty for its own
 * @param syntheticScale of the synthetic set in benchmarks that use it beside others; empty for their own
 * @param environment of this process, by which an operator may set keys and JVM options
 * @param progress told what is happening, a line at a time
 */
public record Setting(
        Path home,
        Path scratch,
        Path results,
        boolean quick,
        Optional<Duration> duration,
        Optional<Double> syntheticScale,
        Map<String, String> environment,
        Consumer<String> progress) {

    /** Of the command line, and not to be written into results. */
    private static final Set<String> NOT_SETTINGS =
            Set.of("VELOX_HOME", "VELOX_DATA", "VELOX_URL", "VELOX_CONF", "VELOX_KEY", "VELOX_CA");

    public Setting {
        environment = Map.copyOf(environment);
    }

    /** Settings of Velox for this benchmark, as VELOX_* variables; what the operator has set comes before them. */
    public Map<String, String> veloxSettings(Map<String, String> wanted) {
        Map<String, String> all = new TreeMap<>(wanted);
        environment.forEach((name, value) -> {
            if (name.startsWith("VELOX_") && !NOT_SETTINGS.contains(name)) {
                all.put(name, value);
            }
        });
        return all;
    }

    public void say(String line) {
        progress.accept(line);
    }

    /** One of two sizes of something. */
    public <T> T choose(T full, T smoke) {
        return quick ? smoke : full;
    }
}
