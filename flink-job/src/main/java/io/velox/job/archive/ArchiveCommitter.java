package io.velox.job.archive;

import io.velox.core.store.ModelStore;
import io.velox.core.store.ObservationArchive;
import java.io.IOException;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Gives hidden files their names once the checkpoint that they belong to is complete. Doing it again does nothing; a hidden file that
 * is gone without having got its name would be a hole in the archive, and fails the job.
 */
final class ArchiveCommitter implements Committer<ArchiveCommittable> {
    private final FileSystem files;
    private final Path root;
    private final ObservationArchive archive;

    /** Takes the store over: it is closed with the committer. */
    ArchiveCommitter(ModelStore store) {
        this.files = store.fileSystem();
        this.root = store.root();
        this.archive = new ObservationArchive(files, root);
    }

    @Override
    public void commit(Collection<CommitRequest<ArchiveCommittable>> requests) throws IOException {
        for (CommitRequest<ArchiveCommittable> request : requests) {
            Path hidden = new Path(root, request.getCommittable().hidden());
            Path target = new Path(root, request.getCommittable().file().address());
            if (files.exists(target)) {
                files.delete(hidden, false);
                request.signalAlreadyCommitted();
            } else if (!files.exists(hidden)) {
                if (archive.holds(request.getCommittable().file())) { // merged with others since
                    request.signalAlreadyCommitted();
                    continue;
                }
                throw new IOException("the archive lost " + hidden + " before it became " + target
                        + "; restore the store, or start the job from the log without its checkpoint");
            } else if (!files.rename(hidden, target)) {
                throw new IOException(hidden + " could not be renamed to " + target);
            }
        }
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
