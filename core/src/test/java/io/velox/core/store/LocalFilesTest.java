package io.velox.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.util.NativeCodeLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
    @TempDir
    Path folder;

    private void write(FileSystem files, String name) throws IOException {
        files.create(new org.apache.hadoop.fs.Path(folder.resolve(name).toUri()), false)
                .close();
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
    }

    private interface Work {
        void run() throws IOException;
    }

    private List<RecordedEvent> processesStarted(Work work) throws IOException {
        Path recorded = folder.resolve("recorded.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ProcessStart");
            recording.start();
            work.run();
            recording.stop();
            recording.dump(recorded);
        }
        return RecordingFile.readAllEvents(recorded);
    }

    @Test
    void aFileIsCreatedAsByHadoopButWithoutAProcess() throws IOException {
        try (ModelStore store = ModelStore.open(folder.toUri(), Map.of());
                LocalFileSystem hadoop = FileSystem.newInstanceLocal(new Configuration())) {
            assertThat(processesStarted(() -> write(hadoop, "hadoop/file")).isEmpty())
                    .isEqualTo(NativeCodeLoader.isNativeCodeLoaded());

            assertThat(processesStarted(() -> write(store.fileSystem(), "ours/file")))
                    .isEmpty();

            assertThat(mode("ours/file")).isEqualTo(mode("hadoop/file"));
            assertThat(mode("ours")).isEqualTo(mode("hadoop"));
            assertThat(folder.resolve("ours").toFile().list()).containsExactly("file");
            assertThatThrownBy(() -> write(store.fileSystem(), "ours/file")).isInstanceOf(IOException.class);
        }
    }
}
