package io.velox.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Needs {@code deploy/alluxio-server/target/lib}, which the build of the whole project makes before this module's tests. */
@Timeout(180)
class AlluxioProcessesIT {
    @TempDir
    private Path directory;

    private AlluxioSettings settings;

    @Test
    void aFileIsThereAfterARestartAndProcessesLeftBehindAreEnded() throws Exception {
        AlluxioProcesses abandoned = start();
        List<Long> left = abandoned.pids();
        try (FileSystem files = open()) {
            try (OutputStream out = files.create(path("/models/als/1/data"), false)) {
                out.write("factors".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(files.rename(path("/models/als/1/data"), path("/models/als/1/moved")))
                    .isTrue();
            assertThat(read(files)).isEqualTo("factors");
        }
        assertThat(abandoned.failure()).isNotDone();

        try (AlluxioProcesses restarted = start()) {
            for (long pid : left) {
                assertThat(ProcessHandle.of(pid)).as("process " + pid).isEmpty();
            }
            assertThat(abandoned.failure().get(20, TimeUnit.SECONDS)).contains("ended with exit code");
            try (FileSystem files = open()) {
                assertThat(read(files)).isEqualTo("factors");
            }
            assertThat(restarted.failure()).isNotDone();
        }
    }

    private AlluxioProcesses start() {
        settings = AlluxioProcesses.prepare(
                directory.resolve("alluxio"), new Ports(directory.resolve("ports.properties"), new SplittableRandom()));
        return AlluxioProcesses.start(Installation.find(Map.of()).alluxioJars(), settings);
    }

    private FileSystem open() throws IOException {
        Configuration hadoop = new Configuration(false);
        settings.hadoopProperties().forEach(hadoop::set);
        return FileSystem.newInstance(URI.create(settings.storeRoot()), hadoop);
    }

    private org.apache.hadoop.fs.Path path(String name) {
        return new org.apache.hadoop.fs.Path(settings.storeRoot() + name);
    }

    private String read(FileSystem files) throws IOException {
        try (InputStream in = files.open(path("/models/als/1/moved"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
