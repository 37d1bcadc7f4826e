package io.velox.bench.front;

import io.velox.bench.Setting;
import io.velox.bench.node.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link FrontApplication} in a process of its own, on the server's core. */
public final class FrontProcess implements AutoCloseable {
    private static final Duration READY = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long STOP_SECONDS = 20;
    private static final Pattern LISTENING = Pattern.compile("(?m)^listening (\\d+)$");

    /** Nearly all is for what lives as long as a request, so that it is collected every few seconds and not every few tenths of one. */
    private static final String DEFAULT_OPTIONS = "-Xms1g -Xmx1g -Xmn640m -XX:+UseSerialGC";

    private final Setting setting;
    private final Process process;
    private final Path output;
    private int port;

    private FrontProcess(Setting setting, Process process, Path output) {
        this.setting = setting;
        this.process = process;
        this.output = output;
    }

    /** One that predicts. */
    public static FrontProcess predicting(Setting setting) throws IOException {
        return start(setting, "predicting");
    }

    /** One that answers every {@code predict} as its first. */
    public static FrontProcess repeating(Setting setting) throws IOException {
        return start(setting, "repeating");
    }

    private static FrontProcess start(Setting setting, String kind) throws IOException {
        Path folder = Files.createTempDirectory(Files.createDirectories(setting.scratch()), kind);
        Map<String, String> settings =
                setting.veloxSettings(Map.of("VELOX_SERVING_PORT", "0", "VELOX_SERVING_MANAGEMENT_PORT", "0"));
        String options = settings.getOrDefault("VELOX_JAVA_OPTIONS", DEFAULT_OPTIONS) + " -Dvelox.logs=" + folder;
        List<String> command = ServerJava.command(
                setting,
                List.of(options.trim().split("\\s+", -1)),
                FrontApplication.class,
                folder.resolve("store").toString(),
                kind);
        Path output = folder.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(settings);
        FrontProcess started = new FrontProcess(setting, builder.start(), output);
        try {
            Waiting.until("the server to listen; its output is " + output, READY, POLL, started::isListening);
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private boolean isListening() {
        String said = read(output);
        if (!process.isAlive()) {
            throw new IllegalStateException("the server ended with " + process.exitValue() + ":\n" + said);
        }
        Matcher listening = LISTENING.matcher(said);
        if (!listening.find()) {
            return false;
        }
        port = Integer.parseInt(listening.group(1));
        return true;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the API listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Lets its event loops go before all other threads on their core, or, as they begin, in turn with them. */
    public void setEventLoopsFirst(boolean isFirst) {
        Cores.run(List.of(
                setting.home().resolve("scripts/velox").toString(),
                "event-loops",
                isFirst ? "first" : "as-others",
                Long.toString(process.pid())));
    }

    /** Ends it. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
