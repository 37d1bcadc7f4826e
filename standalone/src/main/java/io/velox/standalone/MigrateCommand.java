package io.velox.standalone;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import io.velox.core.error.VeloxException;
import io.velox.serving.migrate.MigrationReport;
import io.velox.serving.migrate.OldEpochs;
import io.velox.serving.migrate.PartitionMigration;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code velox migrate partitions | clean}: another number of partitions for the log, with Velox stopped. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description =
                "Move the log of observations to another number of partitions. Velox must be stopped: with --data-dir "
                        + "that is checked, on a cluster the job and every serving node must be stopped by you first.")
final class MigrateCommand {
    /** A job that runs reports at least every five seconds. */
    private static final Duration JOB_SILENCE = Duration.ofSeconds(8);

    private static final Duration NO_WATCH = Duration.ZERO;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Command(
            name = "partitions",
            mixinStandardHelpOptions = true,
            description =
                    "Copy the log into the topic of the next epoch, with another number of partitions. Left out are "
                            + "rebase records, what users did before they were forgotten, and what they withdrew. Run again after "
                            + "an interruption, it starts over. The old log stays as it is.")
    int partitions(
            @Option(names = "--to", required = true, paramLabel = "N", description = "Partitions: 1 to 1000.") int to,
            @Option(names = "--dry-run", description = "Only say what would be copied.") boolean isRehearsal,
            @Mixin Place place) {
        if (to < 1 || to > 1000) {
            throw new ParameterException(spec.commandLine(), "--to must be 1 to 1000, but is " + to);
        }
        return place.run(spec, (configuration, isExclusive) -> {
            PartitionMigration migration =
                    new PartitionMigration(configuration, isExclusive ? NO_WATCH : JOB_SILENCE, System.out::println);
            MigrationReport report = isRehearsal ? migration.rehearse(to) : migration.run(to);
            describe(report, isRehearsal, System.out);
        });
    }

    private static void describe(MigrationReport report, boolean isRehearsal, PrintStream out) {
        report.records().forEach((verdict, records) -> out.println("  " + records + " records " + verdict.text()));
        if (isRehearsal) {
            out.println("Nothing was changed.");
            return;
        }
        int epoch = report.to().number();
        int partitions = report.to().partitions();
        out.println(
                "Done: " + report.copied() + " records are in " + report.to().topic() + ", read back and found right.");
        out.println("Now set these two keys, in the file that --conf names,");
        out.println("  kafka:");
        out.println("    partitions: " + partitions);
        out.println("    epoch: " + epoch);
        out.println("or in the environment (VELOX_KAFKA_PARTITIONS=" + partitions + " VELOX_KAFKA_EPOCH=" + epoch
                + "), and start Velox: the job learns every user anew from the new log.");
        out.println("When you are content with it, `scripts/velox migrate clean` deletes what the old epoch left.");
    }

    @Command(
            name = "clean",
            mixinStandardHelpOptions = true,
            description = "Delete the topics, the archive and the checkpoints of the epochs before kafka.epoch.")
    int clean(
            @Option(names = "--dry-run", description = "Only say what would be deleted.") boolean isRehearsal,
            @Mixin Place place) {
        return place.run(spec, (configuration, isExclusive) -> {
            OldEpochs old = OldEpochs.find(configuration);
            String what =
                    "the topics " + old.topics() + ", " + old.files().archive().size() + " files of the archive, "
                            + old.files().checkpoints().size() + " folders of checkpoints";
            if (!isRehearsal) {
                old.delete(configuration);
            }
            System.out.println((isRehearsal ? "To be deleted: " : "Deleted: ") + what + ".");
        });
    }

    /** Where the log is. */
    static final class Place {
        @Option(
                names = "--data-dir",
                paramLabel = "DIR",
                description = "Of a standalone Velox that is stopped; its brokers are started for the while.")
        private @Nullable Path dataDirectory;

        @Option(
                names = "--conf",
                paramLabel = "FILE",
                description =
                        "Without --data-dir: the configuration of a cluster, whose kafka.bootstrap-servers are asked "
                                + "(default: $$VELOX_CONF).")
        private @Nullable Path conf;

        @FunctionalInterface
        interface Work {
            /** Does it; {@code isExclusive} says that Velox certainly does not run. */
            void run(VeloxConfiguration configuration, boolean isExclusive);
        }

        int run(CommandSpec spec, Work work) {
            Optional<Path> file = Optional.ofNullable(conf)
                    .or(() -> Optional.ofNullable(System.getenv("VELOX_CONF")).map(Path::of));
            Path data = dataDirectory;
            if (data == null && file.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "--data-dir of a standalone Velox, or --conf of a cluster must be given");
            }
            try {
                if (data == null) {
                    work.run(ConfigurationReader.read(file, System.getenv()), false);
                } else {
                    System.setProperty(
                            "velox.logs",
                            data.toAbsolutePath().normalize().resolve("logs").toString());
                    Consumer<VeloxConfiguration> exclusive = configuration -> work.run(configuration, true);
                    StoppedNode.with(data, ConfigurationReader.read(file, System.getenv()), exclusive);
                }
                return 0;
            } catch (StartFailure | VeloxException e) {
                System.err.println("velox: " + e.getMessage());
                return Session.FAILED;
            }
        }
    }
}
