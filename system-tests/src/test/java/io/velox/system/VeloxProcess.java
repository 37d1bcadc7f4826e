package io.velox.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A real {@code standalone} process of the built project, with everything it starts. */
final class VeloxProcess implements AutoCloseable {
    private static final Duration READY = Duration.ofMinutes(2);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Process process;
    private final Path output;
    private final int port;
    private final int managementPort;

    private VeloxProcess(Process process, Path output, int port, int managementPort) {
        this.process = process;
        this.output = output;
        this.port = port;
        this.managementPort = managementPort;
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
        int port = freePort();
        int managementPort = freePort();
        Path output = dataDir.resolveSibling(dataDir.getFileName() + ".out");
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
        builder.environment().put("VELOX_SERVING_PORT", Integer.toString(port));
        builder.environment().put("VELOX_SERVING_MANAGEMENT_PORT", Integer.toString(managementPort));
        builder.environment().putAll(environment);
        VeloxProcess velox = new VeloxProcess(builder.start(), output, port, managementPort);
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

    /**
     * A port that nothing listens on. From below those that systems give to outgoing connections: the process listens seconds later, and
     * its own connections to its engines would take one of those now and then.
     */
    private static int freePort() throws IOException {
        IOException last = new IOException("no port was tried");
        for (int i = 0; i < 100; i++) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 15_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }
}
