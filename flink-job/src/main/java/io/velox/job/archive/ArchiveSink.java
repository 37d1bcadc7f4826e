package io.velox.job.archive;

import io.velox.core.config.VeloxConfiguration.StoreConfiguration;
import io.velox.core.store.ModelStore;
import io.velox.job.log.LogRecord;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes the log to the archive exactly once: hidden files are closed before a checkpoint and renamed when it is complete. Works on
 * any Hadoop file system with a rename.
 */
public final class ArchiveSink implements Sink<LogRecord>, SupportsCommitter<ArchiveCommittable> {
    private static final long serialVersionUID = 1L;

    private final String root;
    private final HashMap<String, String> hadoop;

    /** {@code hadoop} are properties for the file system of {@code root}. */
    public ArchiveSink(String root, Map<String, String> hadoop) {
        this.root = root;
        this.hadoop = new HashMap<>(hadoop);
    }

    public static ArchiveSink of(StoreConfiguration store) {
        return new ArchiveSink(store.root(), store.hadoop());
    }

    @Override
    public SinkWriter<LogRecord> createWriter(WriterInitContext context) {
        boolean sweeps = context.getTaskInfo().getIndexOfThisSubtask() == 0;
        boolean isRestored = context.getRestoredCheckpointId().isPresent();
        return new ArchiveWriter(open(), isRestored, sweeps, Clock.systemUTC());
    }

    @Override
    public Committer<ArchiveCommittable> createCommitter(CommitterInitContext context) {
        return new ArchiveCommitter(open());
    }

    @Override
    public SimpleVersionedSerializer<ArchiveCommittable> getCommittableSerializer() {
        return new ArchiveCommittableSerializer();
    }

    private ModelStore open() {
        return ModelStore.open(URI.create(root), hadoop);
    }
}
