package io.velox.serving.lifecycle;

import io.velox.core.config.ModelConfiguration;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.config.VeloxConfiguration.RetrainConfiguration;
import io.velox.core.log.LogCut;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains and compacts by a child process: a launcher's command line, followed by the arguments of the application. One at a time;
 * others wait. Its output goes to a log file; the last line that it writes to its standard error is the reason of a failure, unless a signal ended it. It is killed,
 * with its own children, on {@link #endAll}, on {@link #close}, when the time is over, and when this JVM exits; where this JVM is killed,
 * its standard input ends, which the application takes as the order to end.
 */
public final class ProcessTrainer implements Trainer {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessTrainer.class);
    /** Of the application: it ends when the pipe from this process does, which no way of ending leaves open. */
    private static final String UNTIL_STDIN_ENDS = "--until-stdin-ends";

    private static final int MAX_WAITING = 100;

    /** The exit code of an application that would fail in the same way if it were run again. */
    private static final int FINAL = 1;

    private static final int MAX_REASON_LENGTH = 1_000;

    /** The exit value of a process that a signal ended is this more than the signal. */
    private static final int SIGNALLED = 128;

    private final List<String> launcher;
    private final List<String> settings;
    private final List<String> trainingSettings;
    private final Duration timeout;
    private final Path log;
    private final ThreadPoolExecutor executor;
    private final Thread shutdownHook = new Thread(this::killCurrent, "trainer-shutdown");
    private volatile @Nullable Process current;
    private volatile @Nullable Instant readingSince;
    private volatile boolean closed;
    private volatile Batch batch = new Batch();

    /** What is ended together; a reason once it is. */
    private static final class Batch {
        private volatile @Nullable String ended;
    }

    /**
     * @param launcher what comes before the application's arguments, such as {@code spark-submit} with its options
     * @param settings the application's arguments that are the same for everything
     * @param trainingSettings those that are the same for every training
     * @param timeout for one training or compaction
     * @param log the file that output is appended to
     */
    public ProcessTrainer(
            List<String> launcher, List<String> settings, List<String> trainingSettings, Duration timeout, Path log) {
        this.launcher = List.copyOf(launcher);
        this.settings = List.copyOf(settings);
        this.trainingSettings = List.copyOf(trainingSettings);
        this.timeout = timeout;
        this.log = log;
        this.executor = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> new Thread(task, "trainer"));
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /** A trainer with the store, the split and the timeout that the configuration names. */
    public static ProcessTrainer of(VeloxConfiguration configuration, List<String> launcher, Path log) {
        RetrainConfiguration retrain = configuration.retrain();
        List<String> settings =
                new ArrayList<>(List.of("--store", configuration.store().root()));
        configuration.store().hadoop().forEach((key, value) -> settings.addAll(List.of("--hadoop", key + "=" + value)));
        List<String> training =
                List.of("--held-out", Double.toString(retrain.heldOut()), "--seed", Long.toString(retrain.seed()));
        settings.add(UNTIL_STDIN_ENDS);
        return new ProcessTrainer(launcher, settings, training, Duration.ofMinutes(retrain.timeoutMinutes()), log);
    }

    @Override
    public CompletableFuture<Void> train(Request request) {
        return begin("training " + request.version(), command(request));
    }

    @Override
    public CompletableFuture<Void> compact(Optional<LogCut> settled, Duration grace) {
        List<String> command = new ArrayList<>(launcher);
        command.add("compact");
        command.addAll(settings);
        settled.ifPresent(cut -> command.addAll(List.of("--settled", cut.toString())));
        command.addAll(List.of("--grace-minutes", Long.toString(grace.toMinutes())));
        return begin("compacting the archive", command);
    }

    @Override
    public Optional<Instant> readingSince() {
        return Optional.ofNullable(readingSince);
    }

    private CompletableFuture<Void> begin(String what, List<String> command) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        Batch mine = batch;
        try {
            executor.execute(() -> {
                try {
                    run(what, command, mine);
                    result.complete(null);
                } catch (IOException | InterruptedException | RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new IllegalStateException(
                    closed ? "the trainer is closed" : MAX_WAITING + " trainings are waiting already", e));
        }
        return result;
    }

    private List<String> command(Request request) {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(settings);
        command.addAll(trainingSettings);
        command.addAll(List.of("--model", request.version().model()));
        command.addAll(List.of("--version", Integer.toString(request.version().version())));
        command.addAll(List.of("--cut", request.cut().toString()));
        command.addAll(List.of("--kind", request.kind().name().toLowerCase(Locale.ROOT)));
        request.from().ifPresent(address -> command.addAll(List.of("--from", address)));
        request.live().ifPresent(address -> command.addAll(List.of("--live", address)));
        request.itemMetadata().ifPresent(uri -> command.addAll(List.of("--item-metadata", uri)));
        ModelConfiguration.Als als = request.hyperparameters();
        ModelConfiguration.Search search = als.search();
        if (search != null) {
            command.add("--search");
        }
        command.addAll(List.of("--rank", choices(search == null ? List.of() : search.rank(), als.rank())));
        command.addAll(List.of(
                "--regularization",
                choices(search == null ? List.of() : search.regularization(), als.regularization())));
        command.addAll(
                List.of("--iterations", choices(search == null ? List.of() : search.iterations(), als.iterations())));
        command.addAll(List.of("--item-bias", choices(search == null ? List.of() : search.itemBias(), als.itemBias())));
        command.addAll(List.of("--prior", als.prior().name().toLowerCase(Locale.ROOT)));
        command.addAll(List.of("--repeat", als.repeat().name().toLowerCase(Locale.ROOT)));
        command.addAll(List.of("--polish", als.polish().toString()));
        return command;
    }

    private static <T> String choices(List<T> several, T one) {
        return several.isEmpty()
                ? one.toString()
                : several.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private void run(String what, List<String> command, Batch mine) throws IOException, InterruptedException {
        checkOpen(mine);
        Path folder = log.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        LOG.info(
                "{} begins; its output goes to {}",
                what,
                log); // not the command, which may hold the store's credentials
        readingSince = Instant.now();
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        current = process;
        try {
            checkOpen(mine);
            CompletableFuture<String> reason = new CompletableFuture<>();
            Thread reader = new Thread(() -> drain(process, reason), "trainer-stderr");
            reader.setDaemon(true);
            reader.start();
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("the training did not end within " + timeout);
            }
            checkOpen(mine);
            if (process.exitValue() == FINAL) {
                throw new Refused(lastLine(reason, FINAL));
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException(lastLine(reason, process.exitValue()));
            }
        } finally {
            kill(process);
            current = null;
            readingSince = null;
        }
    }

    private void checkOpen(Batch mine) {
        String ended = mine.ended;
        if (closed || ended != null) {
            throw new IllegalStateException(
                    "the training was ended, because " + (closed ? "the node stops" : String.valueOf(ended)));
        }
    }

    private String lastLine(CompletableFuture<String> reason, int exit) throws InterruptedException {
        if (exit > SIGNALLED) { // it had no time for a last word
            return "the training process was killed by signal " + (exit - SIGNALLED) + "; see its log";
        }
        String fallback = "the training process ended with exit code " + exit + "; see its log";
        try {
            String line = reason.get(5, TimeUnit.SECONDS);
            return line.isEmpty() ? fallback : line;
        } catch (ExecutionException | TimeoutException e) {
            return fallback;
        }
    }

    /** Copies standard error to the log and remembers its last line that is not blank. */
    private void drain(Process process, CompletableFuture<String> reason) {
        String last = "";
        try (BufferedReader in = process.errorReader(StandardCharsets.UTF_8);
                BufferedWriter out =
                        Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.write(line);
                out.newLine();
                out.flush();
                last = line.isBlank() ? last : line.strip();
            }
        } catch (IOException e) {
            LOG.warn("the training's log {} cannot be written", log, e);
        }
        reason.complete(last.length() > MAX_REASON_LENGTH ? last.substring(0, MAX_REASON_LENGTH) : last);
    }

    @Override
    public void endAll(String reason) {
        Batch ending = batch;
        batch = new Batch();
        ending.ended = reason;
        killProcess();
    }

    private void killCurrent() {
        closed = true;
        killProcess();
    }

    private void killProcess() {
        Process process = current;
        if (process != null) {
            kill(process);
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        killCurrent();
        executor.shutdown(); // what waits runs, and fails because the trainer is closed
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM is already exiting, and the hook runs", e);
        }
    }
}
