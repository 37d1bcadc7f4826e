package io.velox.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.config.ConfigurationReader;
import io.velox.core.config.VeloxConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.queryablestate.client.QueryableStateClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class EmbeddedFlinkIT {
    @TempDir
    private Path directory;

    @Test
    void aJobGoesOnFromTheNewestCheckpointThatIsWhole() throws Exception {
        JobID first;
        long counted;
        try (EmbeddedFlink flink = start()) {
            RunningJob job = flink.run(CountingJob::build);
            first = job.id();
            assertThat(job.startedFrom()).isEqualTo("the beginning of the log");
            awaitCheckpoints(first, 3);
            counted = count(flink, job.id());
            assertThat(counted).isPositive();
            // Closing the cluster under the job leaves it no last checkpoint, as a kill would.
        }

        List<RetainedCheckpoint> left = retained();
        Path newest = Path.of(left.get(0).metadata().getPath());
        Files.write(newest, new byte[] {1, 2, 3});
        String expected;
        try (EmbeddedFlink flink = start();
                RunningJob job = flink.run(CountingJob::build)) {
            expected = "checkpoint " + left.get(1);
            assertThat(job.startedFrom()).isEqualTo(expected);
            assertThat(job.id()).isNotEqualTo(first);
            Waiting.until(Duration.ofSeconds(20), "the count did not go on", () -> count(flink, job.id()) > 0);
            assertThat(job.failure()).isNotDone();
        }

        RetainedCheckpoint last = retained().get(0);
        assertThat(last.job().getName()).as("a stop leaves a last checkpoint").isNotEqualTo(first.toHexString());
        try (EmbeddedFlink flink = start();
                RunningJob job = flink.run(CountingJob::build)) {
            assertThat(job.startedFrom()).isEqualTo("checkpoint " + last);
        }

        for (Path file : sharedFiles(last)) {
            Files.delete(file);
        }
        assertThatThrownBy(last::verify).isInstanceOf(IOException.class).hasMessageContaining("is missing");
    }

    @Test
    void aPortThatIsTakenIsAnErrorAtTheStart() throws Exception {
        Ports ports = ports();
        EmbeddedFlink.QueryPorts chosen = EmbeddedFlink.QueryPorts.take(ports);
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), chosen.proxy()));
            assertThatThrownBy(() -> EmbeddedFlink.start(configuration(), directory.resolve("flink"), chosen))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining(Integer.toString(chosen.proxy()));
        }
    }

    @Test
    void aJobThatEndsByItselfIsReported() throws Exception {
        try (EmbeddedFlink flink = start()) {
            RunningJob job = flink.run(CountingJob::build);
            flink.close();
            assertThat(job.failure().get(20, TimeUnit.SECONDS)).startsWith("the Flink job ended");
        }
    }

    private EmbeddedFlink start() {
        return EmbeddedFlink.start(configuration(), directory.resolve("flink"), EmbeddedFlink.QueryPorts.take(ports()));
    }

    private Ports ports() {
        return new Ports(directory.resolve("ports.properties"), new SplittableRandom());
    }

    private VeloxConfiguration configuration() {
        return ConfigurationReader.read(
                Optional.empty(),
                Map.of(
                        "VELOX_STORE_ROOT",
                        directory.resolve("store").toUri().toString(),
                        "VELOX_JOB_CHECKPOINT_INTERVAL_MS",
                        "200"));
    }

    private List<RetainedCheckpoint> retained() throws IOException {
        return RetainedCheckpoint.list(EmbeddedFlink.checkpoints(configuration()));
    }

    private static List<Path> sharedFiles(RetainedCheckpoint checkpoint) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(checkpoint.job().getPath(), "shared"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private void awaitCheckpoints(JobID job, int count) {
        Waiting.until(Duration.ofSeconds(30), "too few checkpoints", () -> {
            try (Stream<Path> files = Files.walk(directory.resolve("store/checkpoints/" + job.toHexString()))) {
                return files.filter(file -> file.endsWith("_metadata")).count() >= count;
            } catch (IOException | UncheckedIOException e) {
                return false;
            }
        });
    }

    @SuppressWarnings("deprecation") // Flink's queryable state, all of it
    private static long count(EmbeddedFlink flink, JobID job) {
        QueryableStateClient client = new QueryableStateClient(
                InetAddress.getLoopbackAddress(), flink.queryPorts().proxy());
        try {
            ValueState<Long> state = client.getKvState(
                            job, CountingJob.STATE, CountingJob.KEY, Types.STRING, CountingJob.descriptor())
                    .get(10, TimeUnit.SECONDS);
            return state.value();
        } catch (ExecutionException | IOException e) {
            return 0;
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            client.shutdownAndWait();
        }
    }
}
