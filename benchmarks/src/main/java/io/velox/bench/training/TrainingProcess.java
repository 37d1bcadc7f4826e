package io.velox.bench.training;

import io.velox.bench.Setting;
import io.velox.bench.data.KnownRatings;
import io.velox.bench.node.GcLog;
import io.velox.bench.node.ProcessProbe;
import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration.RetrainConfiguration;
import io.velox.core.log.LogCut;
import io.velox.core.model.ModelVersion;
import io.velox.core.store.Manifest;
import io.velox.core.store.ModelStore;
import io.velox.standalone.Installation;
import io.velox.standalone.SparkLauncherCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Trains versions from an archive, each in a process of its own, by the command line that Velox itself would run. Confined to one thread. */
public final class TrainingProcess {
    private static final String MODEL = "als";
    private static final int BASE_MIB = 1024;
    private static final int MIB_PER_MILLION = 400;
    private static final int LEAST_MIB = 2048;
    private static final int LOOK_MS = 200;
    private static final double MIB = 1 << 20;

    private final Setting setting;
    private final URI store;
    private final KnownRatings ratings;
    private final int heapMib;
    private int version;

    /**
     * What a training left.
     *
     * @param seconds of the whole process
     * @param residentMib the most that was resident
     * @param heapMib the most of the heap that was in use after a collection
     */
    public record Outcome(Manifest manifest, double seconds, double residentMib, double heapMib) {
        /**
         * A figure of the training.
         *
         * @throws IllegalStateException if the training did not tell it
         */
        public double metric(String name) {
            return Optional.ofNullable(manifest.metrics().get(name))
                    .orElseThrow(() -> new IllegalStateException(
                            manifest.id() + " has no metric " + name + ", but " + manifest.metrics()));
        }

        /** Where the version's manifest is, as another training is told. */
        public String address() {
            return ModelStore.manifestAddress(manifest.id());
        }
    }

    public TrainingProcess(Setting setting, URI store, KnownRatings ratings) {
        this.setting = setting;
        this.store = store;
        this.ratings = ratings;
        this.heapMib = (int) Math.max(
                LEAST_MIB, BASE_MIB + (long) MIB_PER_MILLION * ratings.table().size() / 1_000_000);
    }

    /** MiB of heap that each training has. */
    public int heapMib() {
        return heapMib;
    }

    /**
     * Trains the next version.
     *
     * @param more options of the training beyond those that every one needs
     * @throws IllegalStateException with the end of its output, if it fails
     */
    public Outcome train(LogCut cut, long seed, String... more) throws IOException, InterruptedException {
        ModelVersion id = new ModelVersion(MODEL, ++version);
        Path scratch = Files.createDirectories(setting.scratch().resolve("spark"));
        Path output = scratch.resolve("training-" + ratings.table().size() + "-" + version + ".log");
        GcLog gcLog = new GcLog(scratch.resolve("training-" + ratings.table().size() + "-" + version + ".gc"));
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command(id, cut, seed, gcLog, scratch, more))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            double resident = 0;
            while (!process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
                resident = Math.max(resident, resident(process));
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (process.exitValue() != 0) {
                List<String> lines = Files.readAllLines(output);
                throw new IllegalStateException("training " + id + " ended with " + process.exitValue() + ":\n"
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
            }
            try (ModelStore versions = ModelStore.open(store, Map.of())) {
                Manifest manifest = versions.readManifest(ModelStore.manifestAddress(id));
                setting.say(String.format("  %s: %.1f s, %s", id, seconds, manifest.metrics()));
                return new Outcome(
                        manifest, seconds, resident, gcLog.mostUsedAfterAny().orElse(0));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** 0 once it has ended. */
    private static double resident(Process process) {
        try {
            return new ProcessProbe(process.pid()).now().residentBytes() / MIB;
        } catch (IllegalStateException e) {
            if (process.isAlive()) {
                throw e;
            }
            return 0;
        }
    }

    private List<String> command(ModelVersion id, LogCut cut, long seed, GcLog gcLog, Path scratch, String... more) {
        RetrainConfiguration retrain = ConfigurationReader.read(
                        Optional.empty(), Map.of("VELOX_RETRAIN_HEAP_MIB", Integer.toString(heapMib)))
                .retrain();
        List<String> command =
                new ArrayList<>(SparkLauncherCommand.of(new Installation(setting.home()), retrain, scratch));
        command.add(command.indexOf("-cp"), gcLog.option());
        KnownRatings.Training training = ratings.training();
        command.addAll(List.of("--store", store.toString(), "--model", MODEL));
        command.addAll(List.of("--version", Integer.toString(id.version()), "--cut", cut.toString()));
        command.addAll(List.of("--rank", Integer.toString(training.rank()), "--iterations", "10"));
        command.addAll(List.of("--regularization", Double.toString(training.regularization())));
        command.addAll(List.of("--item-bias", Boolean.toString(training.itemBias()), "--prior", "gaussian"));
        command.addAll(List.of("--held-out", "0.1", "--seed", Long.toString(seed)));
        command.addAll(List.of(
                "--archive-wait-seconds", Long.toString(Duration.ofSeconds(10).toSeconds())));
        command.addAll(List.of(more));
        return command;
    }
}
