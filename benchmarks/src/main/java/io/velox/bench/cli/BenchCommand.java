package io.velox.bench.cli;

import io.velox.bench.Benchmark;
import io.velox.bench.Findings;
import io.velox.bench.Setting;
import io.velox.bench.experiment.ColdItemsBenchmark;
import io.velox.bench.experiment.ColdUsersBenchmark;
import io.velox.bench.experiment.DriftBenchmark;
import io.velox.bench.experiment.ExploreBenchmark;
import io.velox.bench.experiment.HttpBenchmark;
import io.velox.bench.experiment.ImportBenchmark;
import io.velox.bench.experiment.LearnBenchmark;
import io.velox.bench.experiment.MemoryBenchmark;
import io.velox.bench.experiment.OverloadBenchmark;
import io.velox.bench.experiment.PolishBenchmark;
import io.velox.bench.experiment.PredictBenchmark;
import io.velox.bench.experiment.PredictionCacheBenchmark;
import io.velox.bench.experiment.RefreshBenchmark;
import io.velox.bench.experiment.SoakBenchmark;
import io.velox.bench.experiment.SwapBenchmark;
import io.velox.bench.experiment.TopKBenchmark;
import io.velox.bench.experiment.TopKSetBenchmark;
import io.velox.bench.experiment.VisibleBenchmark;
import io.velox.bench.report.Figure;
import io.velox.bench.report.Machine;
import io.velox.bench.report.Report;
import io.velox.bench.report.Results;
import io.velox.bench.report.Sources;
import io.velox.bench.report.Versions;
import io.velox.standalone.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code velox bench}: runs benchmarks and writes what they find. */
@Command(
        name = "velox bench",
        mixinStandardHelpOptions = true,
        description = "Measure Velox: figures go to NAME.json, and pictures to NAME.png, in the folder of results.")
public final class BenchCommand implements Callable<Integer> {
    private static final List<Benchmark> BENCHMARKS = List.of(
            new ImportBenchmark(),
            new LearnBenchmark(),
            new MemoryBenchmark(),
            new SoakBenchmark(),
            new SwapBenchmark(),
            new PolishBenchmark(),
            new RefreshBenchmark(),
            new DriftBenchmark(),
            new TopKBenchmark(),
            new TopKSetBenchmark(),
            new PredictBenchmark(),
            new PredictionCacheBenchmark(),
            new HttpBenchmark(),
            new OverloadBenchmark(),
            new VisibleBenchmark(),
            new ExploreBenchmark(),
            new ColdUsersBenchmark(),
            new ColdItemsBenchmark());
    private static final long START = System.nanoTime();
    private static final String SYNTHETIC = "synthetic";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            description =
                    "import, learn, memory, soak, swap, polish, refresh, drift, topk, topk-set, predict, prediction-cache, http,"
                            + " overload, visible, explore, cold-users or cold-items; or all: each of them in this order.")
    private String name = "";

    @Option(
            names = "--dataset",
            paramLabel = "D",
            description = "The ratings of import, learn, memory and soak: synthetic (default), the only ones so far.")
    private String dataset = SYNTHETIC;

    @Option(names = "--quick", description = "A smoke run of about a minute, with figures that mean little.")
    private boolean isQuick;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long to soak (default: 60, or half a one if quick).")
    private @Nullable Double minutes;

    @Option(
            names = "--synthetic-scale",
            paramLabel = "S",
            description =
                    "Size of the synthetic set in polish and refresh; 1 has 10 million ratings (default: 1, or 0.01 if quick).")
    private @Nullable Double syntheticScale;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where results go (default: benchmarks/results in the folder of Velox).")
    private @Nullable Path resultsFolder;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        List<Benchmark> chosen = BENCHMARKS.stream()
                .filter(benchmark -> name.equals("all") || name.equals(benchmark.name()))
                .toList();
        if (chosen.isEmpty()) {
            throw refused("NAME must be one of "
                    + BENCHMARKS.stream().map(Benchmark::name).toList() + " or all, but is '" + name + "'");
        }
        if (!dataset.equals(SYNTHETIC)) {
            throw refused("--dataset must be " + SYNTHETIC + ", but is '" + dataset + "'");
        }
        if (minutes != null && !(minutes > 0 && minutes <= 10_000)) {
            throw refused("--minutes must be more than 0, and at most 10000, but is " + minutes);
        }
        if (syntheticScale != null && !(syntheticScale >= 0.001 && syntheticScale <= 1)) {
            throw refused("--synthetic-scale must be between 0.001 and 1, but is " + syntheticScale);
        }
        Path home = Installation.find(System.getenv()).home();
        for (Benchmark benchmark : chosen) {
            run(benchmark, home);
        }
        return 0;
    }

    private ParameterException refused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private void run(Benchmark benchmark, Path home) throws Exception {
        Path results = resultsFolder == null ? home.resolve("benchmarks/results") : resultsFolder;
        Path scratch = home.resolve("benchmarks/target/scratch").resolve(benchmark.name());
        Scratch.empty(scratch);
        System.setProperty("velox.logs", scratch.resolve("logs").toString());
        Files.createDirectories(results);
        String commit = new Sources(home).commit();
        SortedMap<String, String> versions = Versions.in(home); // before the measuring, which takes minutes
        Instant date = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        say(benchmark.name() + ": " + benchmark.summary());
        Setting setting = new Setting(
                home,
                scratch,
                results,
                isQuick,
                duration(),
                Optional.ofNullable(syntheticScale),
                System.getenv(),
                BenchCommand::say);
        Findings found;
        try {
            found = benchmark.run(setting);
        } catch (Exception e) {
            say(benchmark.name() + " failed; what it left is in " + scratch);
            throw e;
        }
        Report report = new Report(
                benchmark.name(),
                command(benchmark),
                commit,
                date,
                Machine.here(),
                versions,
                found.dataset(),
                found.figures(),
                found.notes());
        Path file = new Results(results).write(report);
        Scratch.delete(scratch);
        for (Figure figure : report.figures()) {
            say(String.format(
                    Locale.ROOT,
                    "  %-48s %,14.4f  (%,.4f to %,.4f, n=%d) %s",
                    figure.name(),
                    figure.value(),
                    figure.low(),
                    figure.high(),
                    figure.n(),
                    figure.unit()));
        }
        say("written: " + file);
    }

    private Optional<Duration> duration() {
        return Optional.ofNullable(minutes).map(number -> Duration.ofMillis((long) (number * 60_000)));
    }

    private String command(Benchmark benchmark) {
        return "scripts/velox bench " + benchmark.name() + (isQuick ? " --quick" : "")
                + (minutes == null ? "" : " --minutes " + minutes)
                + (syntheticScale == null ? "" : " --synthetic-scale " + syntheticScale);
    }

    private static void say(String line) {
        System.out.println(String.format(Locale.ROOT, "%5d s  %s", (System.nanoTime() - START) / 1_000_000_000, line));
    }
}
