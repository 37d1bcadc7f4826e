package io.velox.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real {@code standalone} process of the built project, with everything it starts. */
final class VeloxProcess implements AutoCloseable {
    private static final Duration READY = Duration.ofMinutes(2);
    private static final Pattern ADDRESSES = Pattern.compile("(?m)^  API +\\S+:(\\d+)\\n  management +\\S+:(\\d+) ");
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Process process;
    private final Path output;
    private final int printedBefore;
    private int port;
    private int managementPort;

    private VeloxProcess(Process process, Path output, int printedBefore) {
        this.process = process;
        this.output = output;
        this.printedBefore = printedBefore;
    }

    /** The command line of the standalone program, up to its own arguments. */
    static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                Repository.home().resolve("standalone/target/lib") + "/*",
                "io.velox.standalone.StandaloneCommand"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts over a data directory and waits until it is ready. */
    static VeloxProcess start(Path dataDir, String store, Path configuration) throws IOException {
        // Where there is no traffic to judge a candidate by, nobody waits for it.
        return start(dataDir, store, configuration, Map.of("VELOX_LIFECYCLE_GATE_PATIENCE_SECONDS", "2"));
    }

    /** Starts with more in its environment than where it is and where it listens. */
    static VeloxProcess start(Path dataDir, String store, Path configuration, Map<String, String> environment)
            throws IOException {
        Path output = dataDir.resolveSibling(dataDir.getFileName() + ".out");
        int printedBefore = Files.exists(output) ? Files.readString(output).length() : 0;
        ProcessBuilder builder = new ProcessBuilder(java(
                        "standalone",
                        "--data-dir",
                        dataDir.toString(),
                        "--store",
                        store,
                        "--conf",
                        configuration.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().put("VELOX_HOME", Repository.home().toString());
        // It takes free ones and says which: one that is found here may be gone by the time that it listens.
        builder.environment().put("VELOX_SERVING_PORT", "0");
        builder.environment().put("VELOX_SERVING_MANAGEMENT_PORT", "0");
        builder.environment().putAll(environment);
        VeloxProcess velox = new VeloxProcess(builder.start(), output, printedBefore);
        try {
            Await.until("readiness of the process; its output:\n" + output, READY, velox::isReadyOrDead);
        } catch (AssertionError e) {
            velox.kill();
            throw e;
        }
        if (!velox.process.isAlive()) {
            throw new AssertionError("the process ended with " + velox.process.exitValue() + ":\n" + velox.printed());
        }
        return velox;
    }

    /** Of the API. */
    int port() {
        return port;
    }

    Api api() {
        return new Api(URI.create("http://127.0.0.1:" + port));
    }

    Api management() {
        return new Api(URI.create("http://127.0.0.1:" + managementPort));
    }

    /** Ends it as an operator would, and returns its exit code. */
    int stop() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                kill();
                throw new AssertionError("the process did not stop within 60 s:\n" + printed());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** {@code kill -9} of the process and of everything that it started. */
    void kill() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(0, process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(p -> p.onExit().orTimeout(30, TimeUnit.SECONDS).join());
    }

    /** {@code kill -9} of the process alone; what it started finds itself without a parent. */
    void killAlone() {
        process.destroyForcibly();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    String printed() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private boolean isReadyOrDead() {
        if (!process.isAlive()) {
            return true;
        }
        if (!hasSaidWhere()) {
            return false;
        }
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + managementPort + "/health/ready"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Whether the process has said where it listens. */
    private boolean hasSaidWhere() {
        Matcher said = ADDRESSES.matcher(printed().substring(printedBefore));
        if (!said.find()) {
            return false;
        }
        port = Integer.parseInt(said.group(1));
        managementPort = Integer.parseInt(said.group(2));
        return true;
    }
}
