package io.velox.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * A real Alluxio master and worker as child processes, on loopback, with journal and files in the data directory.
 *
 * <p>They do not end by themselves when this process is killed: the next start over the same directory ends what was left, by the
 * pid files, before it starts its own. Everything is written through to plain files under {@code ufs}.
 */
public final class AlluxioProcesses implements Engine {
    private static final Duration FORMAT_DEADLINE = Duration.ofMinutes(1);
    private static final Duration START_DEADLINE = Duration.ofMinutes(1);
    private static final Map<String, String> ENVIRONMENT = Map.of("AWS_EC2_METADATA_DISABLED", "true");

    private final ChildProcess master;
    private final ChildProcess worker;
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    private volatile boolean isStopping;

    private AlluxioProcesses(ChildProcess master, ChildProcess worker) {
        this.master = master;
        this.worker = worker;
        watch("master", master);
        watch("worker", worker);
    }

    private void watch(String role, ChildProcess process) {
        CompletableFuture<Void> unused = process.exit().thenAccept(status -> {
            if (!isStopping) {
                failure.complete("the Alluxio " + role + " ended with exit code " + status);
            }
        });
    }

    /**
     * Chooses the ports, after ending what an earlier process left running on them.
     *
     * @param directory of which the caller holds the lock
     */
    public static AlluxioSettings prepare(Path directory, Ports ports) {
        try {
            for (String role : List.of("worker", "master", "format")) {
                ChildProcess.endLeftOver("Alluxio " + role, pidFile(directory, role), mark(directory));
            }
        } catch (IOException e) {
            throw new StartFailure("what an earlier Velox left in " + directory + " cannot be read: " + e, e);
        }
        return AlluxioSettings.take(directory, ports);
    }

    /**
     * Starts both and waits until a file can be written.
     *
     * @param jars of Alluxio's servers
     * @throws StartFailure with the reason
     */
    public static AlluxioProcesses start(Path jars, AlluxioSettings settings) {
        Path directory = settings.directory();
        List<ChildProcess> started = new ArrayList<>();
        try {
            writeSettings(settings);
            Path formatted = directory.resolve("formatted");
            if (!Files.exists(formatted)) {
                format(jars, settings);
                Files.createFile(formatted);
            }
            ChildProcess master = launch("master", "alluxio.master.AlluxioMaster", jars, settings);
            started.add(master);
            // At the same time: the worker asks for its master until that is there.
            ChildProcess worker = launch("worker", "alluxio.worker.AlluxioWorker", jars, settings);
            started.add(worker);
            awaitListener("master", master, settings.masterPort(), directory);
            awaitListener("worker", worker, settings.workerPort(), directory);
            awaitWritable(settings);
            return new AlluxioProcesses(master, worker);
        } catch (IOException | RuntimeException e) {
            for (int i = started.size() - 1; i >= 0; i--) {
                started.get(i).close();
            }
            throw e instanceof StartFailure failure
                    ? failure
                    : new StartFailure("Alluxio did not start in " + directory + ": " + e, e);
        }
    }

    private static Path pidFile(Path directory, String role) {
        return directory.resolve(role + ".pid");
    }

    /** An argument that only the processes of this directory have. */
    private static String mark(Path directory) {
        return "-Dalluxio.conf.dir=" + AlluxioSettings.conf(directory);
    }

    private static void writeSettings(AlluxioSettings settings) throws IOException {
        for (String folder : List.of("conf", "ufs", "journal", "metastore", "mem", "logs")) {
            Files.createDirectories(settings.directory().resolve(folder));
        }
        Properties site = new Properties();
        site.putAll(settings.siteProperties());
        try (OutputStream out = Files.newOutputStream(settings.conf().resolve("alluxio-site.properties"))) {
            site.store(out, "Written at each start");
        }
        try (InputStream logging = AlluxioProcesses.class.getResourceAsStream("/alluxio-logback.xml")) {
            Files.copy(
                    Objects.requireNonNull(logging, "alluxio-logback.xml is missing from the jar"),
                    settings.conf().resolve("logback.xml"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void format(Path jars, AlluxioSettings settings) throws IOException {
        try (ChildProcess format = launch("format", "alluxio.cli.Format", jars, settings, "MASTER")) {
            int status = format.exit().get(FORMAT_DEADLINE.toSeconds(), TimeUnit.SECONDS);
            if (status != 0) {
                throw new StartFailure("Alluxio could not format its journal, exit code " + status + "; see "
                        + output(settings, "format"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while Alluxio formatted its journal", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new StartFailure("Alluxio did not format its journal: " + e, e);
        }
    }

    private static ChildProcess launch(
            String role, String mainClass, Path jars, AlluxioSettings settings, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Installation.java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                mark(settings.directory()),
                "-Dalluxio.logs.dir=" + settings.directory().resolve("logs"),
                "-Dlogback.configurationFile=" + settings.conf().resolve("logback.xml"),
                "-Dvelox.alluxio.log="
                        + settings.directory().resolve("logs").resolve(role).toString(),
                "-cp",
                jars.resolve("*").toString(),
                mainClass));
        command.addAll(List.of(arguments));
        return ChildProcess.start(
                "Alluxio " + role, command, ENVIRONMENT, pidFile(settings.directory(), role), output(settings, role));
    }

    private static Path output(AlluxioSettings settings, String role) {
        return settings.directory().resolve("logs").resolve(role + ".out");
    }

    private static void awaitListener(String role, ChildProcess process, int port, Path directory) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        String logs = "; see " + directory.resolve("logs").resolve(role + ".log");
        Waiting.until(START_DEADLINE, "the Alluxio " + role + " did not answer on port " + port + logs, () -> {
            if (!process.isAlive()) {
                throw new StartFailure("the Alluxio " + role + " ended while it started" + logs);
            }
            try (Socket socket = new Socket()) {
                socket.connect(address, 1_000);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** The worker's port answers before the master knows the worker; only a written file shows that both are ready. */
    private static void awaitWritable(AlluxioSettings settings) throws IOException {
        Configuration hadoop = new Configuration(false);
        settings.hadoopProperties().forEach(hadoop::set);
        org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(settings.storeRoot());
        org.apache.hadoop.fs.Path probe = new org.apache.hadoop.fs.Path(root, ".ready-" + System.nanoTime());
        try (FileSystem files = FileSystem.newInstance(URI.create(settings.storeRoot()), hadoop)) {
            Waiting.until(START_DEADLINE, "Alluxio at " + settings.storeRoot() + " took no file", () -> {
                try {
                    files.mkdirs(root);
                    try (OutputStream out = files.create(probe, true)) {
                        out.write(1);
                    }
                    return files.delete(probe, false);
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    /** Completes with the reason when one of them ends by itself. */
    @Override
    public CompletableFuture<String> failure() {
        return failure;
    }

    /** The process ids, master first. */
    public List<Long> pids() {
        return List.of(master.pid(), worker.pid());
    }

    /** The worker first: one whose master is gone takes long to end. */
    @Override
    public void close() {
        isStopping = true;
        worker.close();
        master.close();
    }
}
