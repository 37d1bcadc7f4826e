package io.velox.job;

import java.time.Duration;
import java.util.Collection;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.state.rocksdb.ConfigurableRocksDBOptionsFactory;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;

/**
 * When RocksDB rewrites the files of the state. Named to Flink by its class, and so public.
 *
 * <p>What was deleted stays in a file until it is compacted, which in a part of the state that nobody touches may be never: so every
 * file is rewritten when it is of a given age. And each checkpoint leaves a small file that spans all users, whose compaction rewrites
 * most of the state: so more of them are gathered first than RocksDB would by itself.
 */
public final class StateFilesFactory implements ConfigurableRocksDBOptionsFactory {
    /** The age at which a file is rewritten. */
    static final ConfigOption<Duration> REWRITTEN_AFTER = ConfigOptions.key("velox.rocksdb.files-rewritten-after")
            .durationType()
            .defaultValue(Duration.ofDays(15));

    private static final int GATHERED_FILES = 10;

    private static final long serialVersionUID = 1L;

    private long periodicCompactionSeconds = REWRITTEN_AFTER.defaultValue().toSeconds();

    @Override
    public StateFilesFactory configure(ReadableConfig configuration) {
        periodicCompactionSeconds = configuration.get(REWRITTEN_AFTER).toSeconds();
        return this;
    }

    @Override
    public DBOptions createDBOptions(DBOptions current, Collection<AutoCloseable> toClose) {
        return current;
    }

    @Override
    public ColumnFamilyOptions createColumnOptions(ColumnFamilyOptions current, Collection<AutoCloseable> toClose) {
        return current.setPeriodicCompactionSeconds(periodicCompactionSeconds)
                .setLevelZeroFileNumCompactionTrigger(GATHERED_FILES);
    }
}
