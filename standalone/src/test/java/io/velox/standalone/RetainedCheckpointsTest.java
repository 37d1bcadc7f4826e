package io.velox.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetainedCheckpointsTest {
    @TempDir
    private Path root;

    @Test
    void theNewestComesFirstAndIncompleteOnesDoNotCount() throws IOException {
        JobID old = new JobID();
        JobID recent = new JobID();
        checkpoint(old, 7, 1_000);
        checkpoint(old, 8, 2_000);
        checkpoint(recent, 8, 3_000);
        checkpoint(recent, 9, 3_000);
        Files.createDirectories(root.resolve(recent.toHexString()).resolve("chk-10"));
        Files.createDirectories(root.resolve(recent.toHexString()).resolve("shared"));
        Files.createDirectories(root.resolve("not-a-job").resolve("chk-99"));

        assertThat(RetainedCheckpoint.list(path()))
                .extracting(RetainedCheckpoint::toString)
                .containsExactly(recent + "/chk-9", recent + "/chk-8", old + "/chk-8", old + "/chk-7");
    }

    @Test
    void aFolderThatIsNotThereHoldsNone() throws IOException {
        assertThat(RetainedCheckpoint.list(new org.apache.flink.core.fs.Path(path(), "none")))
                .isEmpty();
    }

    @Test
    void damagedOnesAreNotWhole() throws IOException {
        checkpoint(new JobID(), 1, 1_000);
        assertThat(retained(4_500).whole()).isEmpty();
    }

    @Test
    void onlyTheTwoJobsBeforeTheCurrentOneAreKept() throws IOException {
        JobID first = new JobID();
        JobID killedBeforeItsFirstCheckpoint = new JobID();
        JobID second = new JobID();
        JobID third = new JobID();
        JobID current = new JobID();
        checkpoint(first, 1, 1_000);
        checkpoint(second, 2, 2_000);
        checkpoint(third, 3, 3_000);
        checkpoint(current, 4, 4_000);
        Files.createDirectories(root.resolve(killedBeforeItsFirstCheckpoint.toHexString()));

        retained(4_500).deleteOlderThan(current);

        assertThat(root)
                .isDirectoryContaining(folder -> folder.endsWith(second.toHexString()))
                .isDirectoryContaining(folder -> folder.endsWith(third.toHexString()))
                .isDirectoryContaining(folder -> folder.endsWith(current.toHexString()))
                .isDirectoryNotContaining(folder -> folder.endsWith(first.toHexString()))
                .isDirectoryNotContaining(folder -> folder.endsWith(killedBeforeItsFirstCheckpoint.toHexString()));
    }

    @Test
    void reservesThatStillHaveWhatWasForgottenAreNotKept() throws IOException {
        JobID old = new JobID();
        JobID young = new JobID();
        JobID current = new JobID();
        checkpoint(old, 1, 1_000);
        checkpoint(young, 2, 8_000);
        checkpoint(current, 3, 2_000);

        retained(12_000).deleteOlderThan(current);

        assertThat(root)
                .isDirectoryContaining(folder -> folder.endsWith(young.toHexString()))
                .isDirectoryContaining(folder -> folder.endsWith(current.toHexString()))
                .isDirectoryNotContaining(folder -> folder.endsWith(old.toHexString()));
    }

    private RetainedCheckpoints retained(long nowMs) {
        Clock clock = Clock.fixed(Instant.ofEpochMilli(nowMs), ZoneOffset.UTC);
        return new RetainedCheckpoints(path(), Duration.ofSeconds(10), clock);
    }

    private org.apache.flink.core.fs.Path path() {
        return new org.apache.flink.core.fs.Path(root.toUri());
    }

    private void checkpoint(JobID job, long number, long modifiedMs) throws IOException {
        Path folder = Files.createDirectories(root.resolve(job.toHexString()).resolve("chk-" + number));
        Path metadata = Files.writeString(folder.resolve("_metadata"), "not what Flink writes");
        Files.setLastModifiedTime(metadata, FileTime.fromMillis(modifiedMs));
    }
}
