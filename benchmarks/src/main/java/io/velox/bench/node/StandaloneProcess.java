package io.velox.bench.node;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration.KafkaConfiguration;
import io.velox.standalone.Installation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code velox standalone} in a process of its own, on free ports and a data directory of its own; it ends with this process. */
public final class StandaloneProcess implements AutoCloseable {
    private static final Duration READY = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Pattern ADDRESSES = Pattern.compile("(?m)^  API +(\\S+)\\n  management +(\\S+) ");
    private static final String DEFAULT_OPTIONS = "-Xmx1g -XX:+UseSerialGC";

    private final Process process;
    private final Path dataDirectory;
    private final Path output;
    private final Map<String, String> settings;
    private final GcLog gcLog;
    private String api = "";
    private String management = "";

    private StandaloneProcess(
            Process process, Path dataDirectory, Path output, Map<String, String> settings, GcLog gcLog) {
        this.output = output;
        this.process = process;
        this.dataDirectory = dataDirectory;
        this.settings = settings;
        this.gcLog = gcLog;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param home of a built Velox
     * @param folder for its data, its output and the log of its collector
     * @param settings the VELOX_* variables that it is given
     */
    public static StandaloneProcess start(Path home, Path folder, Map<String, String> settings) throws IOException {
        Path data = folder.resolve("data");
        Files.createDirectories(folder);
        GcLog gcLog = new GcLog(folder.resolve("gc.log"));
        Map<String, String> all = new HashMap<>(settings);
        // It takes free ones and says which: one that is found here may be gone by the time that it listens.
        all.put("VELOX_SERVING_PORT", "0");
        all.put("VELOX_SERVING_MANAGEMENT_PORT", "0");
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command(home, data, all, gcLog))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(all);
        builder.environment().put("VELOX_HOME", home.toString());
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end-velox"));
        StandaloneProcess started = new StandaloneProcess(process, data, output, all, gcLog);
        try {
            Waiting.until("Velox to be ready; its output is " + output, READY, POLL, () -> {
                if (!started.process.isAlive()) {
                    throw new IllegalStateException(
                            "Velox ended with " + started.process.exitValue() + ":\n" + read(output));
                }
                return started.isReady();
            });
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /** What {@code scripts/velox standalone} runs, without the look at the sources that may build anew under a running benchmark. */
    private static List<String> command(Path home, Path data, Map<String, String> settings, GcLog gcLog) {
        List<String> command = new ArrayList<>();
        command.add(Installation.java());
        command.addAll(List.of(settings.getOrDefault("VELOX_JAVA_OPTIONS", DEFAULT_OPTIONS)
                .trim()
                .split("\\s+", -1)));
        command.add(gcLog.option());
        command.addAll(List.of("-Dfile.encoding=UTF-8", "-cp", home.resolve("standalone/target/lib") + "/*"));
        command.addAll(List.of("io.velox.standalone.StandaloneCommand", "standalone", "--data-dir", data.toString()));
        return command;
    }

    private boolean isReady() {
        Matcher said = ADDRESSES.matcher(read(output));
        if (!said.find()) {
            return false;
        }
        api = said.group(1);
        management = said.group(2);
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(management + "/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public URI api() {
        return URI.create(api);
    }

    /** What it says of itself, at its management port. */
    public Metrics metrics() {
        return new Metrics(URI.create(management + "/metrics"));
    }

    public long pid() {
        return process.pid();
    }

    public Path dataDirectory() {
        return dataDirectory;
    }

    public GcLog gcLog() {
        return gcLog;
    }

    /** The log inside, with the address at which this process can reach it. */
    public KafkaConfiguration kafka() throws IOException {
        Properties ports = new Properties();
        try (InputStream in = Files.newInputStream(dataDirectory.resolve("ports.properties"))) {
            ports.load(in);
        }
        Map<String, String> all = new HashMap<>(settings);
        all.put("VELOX_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + ports.getProperty("kafka"));
        return ConfigurationReader.read(Optional.empty(), all).kafka();
    }

    /** Has it collect all garbage. */
    public void collectGarbage() throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid()),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!jcmd.waitFor(60, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
                throw new IOException("jcmd " + pid() + " GC.run failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during jcmd", e);
        }
    }

    /** Ends it as an operator would, and kills it with all that it started if it does not end. */
    @Override
    public void close() {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        try {
            if (process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
