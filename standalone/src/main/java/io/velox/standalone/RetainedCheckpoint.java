package io.velox.standalone;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;

/**
 * A checkpoint that a job left in the store: {@code <checkpoints>/<job id>/chk-<number>/_metadata}.
 *
 * @param job the folder of the job that wrote it
 * @param metadata its {@code _metadata} file, which Flink writes last
 * @param number which grows from a job to the one restored from it
 * @param modifiedMs when it was completed, in ms since 1970
 */
record RetainedCheckpoint(Path job, Path metadata, long number, long modifiedMs) {
    private static final Pattern JOB = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern CHECKPOINT = Pattern.compile("chk-(\\d{1,18})");

    /** Every complete checkpoint under a folder, the newest first; none if the folder is not there. */
    static List<RetainedCheckpoint> list(Path checkpoints) throws IOException {
        FileSystem files = checkpoints.getFileSystem();
        List<RetainedCheckpoint> found = new ArrayList<>();
        for (FileStatus job : children(files, checkpoints)) {
            if (JOB.matcher(job.getPath().getName()).matches()) {
                for (FileStatus checkpoint : children(files, job.getPath())) {
                    Matcher name = CHECKPOINT.matcher(checkpoint.getPath().getName());
                    if (name.matches()) {
                        add(files, job.getPath(), checkpoint.getPath(), Long.parseLong(name.group(1)), found);
                    }
                }
            }
        }
        found.sort(Comparator.comparingLong(RetainedCheckpoint::modifiedMs)
                .thenComparingLong(RetainedCheckpoint::number)
                .reversed());
        return found;
    }

    private static void add(FileSystem files, Path job, Path checkpoint, long number, List<RetainedCheckpoint> found)
            throws IOException {
        try {
            FileStatus metadata = files.getFileStatus(new Path(checkpoint, "_metadata"));
            found.add(new RetainedCheckpoint(job, metadata.getPath(), number, metadata.getModificationTime()));
        } catch (FileNotFoundException e) {
            // It was not complete when its job ended: not a checkpoint.
        }
    }

    private static FileStatus[] children(FileSystem files, Path folder) throws IOException {
        try {
            FileStatus[] children = files.listStatus(folder);
            return children == null ? new FileStatus[0] : children;
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }

    /**
     * Checks that the metadata can be read, and that every file that it names is there with the length that it names.
     *
     * @throws IOException if the checkpoint is damaged, and how
     */
    void verify() throws IOException {
        CheckpointMetadata read;
        try (DataInputStream in = new DataInputStream(
                new BufferedInputStream(metadata.getFileSystem().open(metadata)))) {
            read = Checkpoints.loadCheckpointMetadata(
                    in,
                    RetainedCheckpoint.class.getClassLoader(),
                    metadata.getParent().toString());
        } catch (IOException | RuntimeException e) {
            throw new IOException("its metadata cannot be read (" + e + ")", e);
        }
        for (StateFile file : StateFile.of(read)) {
            file.verify();
        }
    }

    @Override
    public String toString() {
        return job.getName() + "/chk-" + number;
    }
}
