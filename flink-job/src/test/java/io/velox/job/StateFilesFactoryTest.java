package io.velox.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.RocksDB;

class StateFilesFactoryTest {
    @Test
    void filesAreRewrittenAtTheConfiguredAgeAndWhenTenHaveGathered() {
        RocksDB.loadLibrary();
        Configuration configuration = new Configuration();
        configuration.set(StateFilesFactory.REWRITTEN_AFTER, Duration.ofDays(2));
        try (ColumnFamilyOptions options = new ColumnFamilyOptions()) {
            new StateFilesFactory().configure(configuration).createColumnOptions(options, new ArrayList<>());
            assertThat(options.periodicCompactionSeconds()).isEqualTo(2 * 86_400);
            assertThat(options.level0FileNumCompactionTrigger()).isEqualTo(10);
        }
    }
}
