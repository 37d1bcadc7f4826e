package io.velox.job.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velox.core.log.UserRecord;
import io.velox.core.model.Item;
import io.velox.core.store.ArchiveFile;
import io.velox.core.store.ModelStore;
import io.velox.core.user.Revision;
import io.velox.job.ArchiveRows;
import io.velox.job.TestStore;
import io.velox.job.log.LogRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveSinkTest {
    private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final SinkWriter.Context NO_CONTEXT = new SinkWriter.Context() {
        @Override
        public long currentWatermark() {
            return Long.MIN_VALUE;
        }

        @Override
        public Long timestamp() {
            return null;
        }
    };

    @TempDir
    Path folder;

    private ModelStore store;

    @BeforeEach
    void openStore() {
        store = TestStore.open(folder);
    }

    @Test
    void rowsHoldEverythingOfARecord() throws Exception {
        UserRecord.Observed observed =
                new UserRecord.Observed("u\u00fc", Item.ofId("a \"b\""), 4.5, 77, "id-1", "shown");
        commit(write(
                record(2, 10, NOON, observed),
                record(2, 11, NOON, new UserRecord.Withdrawn("u", Item.ofId("i1"))),
                record(2, 12, NOON, new UserRecord.Forgotten("u"))));
        List<Group> rows = ArchiveRows.read(store);
        assertThat(rows).hasSize(3);
        Group first = rows.get(0);
        assertThat(first.getInteger("epoch", 0)).isZero();
        assertThat(first.getInteger("partition", 0)).isEqualTo(2);
        assertThat(first.getLong("offset", 0)).isEqualTo(10);
        assertThat(first.getString("type", 0)).isEqualTo("observed");
        assertThat(first.getString("uid", 0)).isEqualTo("u\u00fc");
        assertThat(first.getString("item", 0)).isEqualTo("\"a \\\"b\\\"\"");
        assertThat(first.getDouble("label", 0)).isEqualTo(4.5);
        assertThat(first.getLong("timestamp", 0)).isEqualTo(77);
        assertThat(first.getString("id", 0)).isEqualTo("id-1");
        assertThat(first.getString("impression", 0)).isEqualTo("shown");
        assertThat(rows.get(1).getString("type", 0)).isEqualTo("withdrawn");
        assertThat(rows.get(1).getFieldRepetitionCount("label")).isZero();
        assertThat(rows.get(2).getString("type", 0)).isEqualTo("forgotten");
        assertThat(rows.get(2).getFieldRepetitionCount("item")).isZero();
    }

    @Test
    void nothingIsToBeSeenBeforeTheCommit() throws Exception {
        Collection<ArchiveCommittable> committables = write(rating(0, 0, NOON), rating(1, 0, NOON));
        assertThat(ArchiveRows.files(store)).isEmpty();
        commit(committables);
        assertThat(ArchiveRows.files(store)).hasSize(2);
    }

    @Test
    void namesTellWhatIsCoveredRebasedAndUndecodableRecordsIncluded() throws Exception {
        commit(write(
                record(0, 5, NOON, new UserRecord.Rebased("u", "als", 1, "m")),
                rating(0, 6, NOON),
                LogRecord.undecodable(new Revision(0, 0, 7), NOON, "broken")));
        assertThat(ArchiveRows.files(store))
                .containsExactly(new ArchiveFile(LocalDate.parse("2026-03-01"), 0, 0, 5, 7));
        assertThat(ArchiveRows.read(store)).hasSize(1);
    }

    @Test
    void offsetsThatTheLogLostAreCoveredByTheFileThatFollows() throws Exception {
        commit(write(rating(0, 0, NOON), rating(0, 1, NOON)));
        commit(write(rating(0, 5, NOON), rating(0, 9, NOON), rating(0, 12, NOON + DAY), rating(1, 3, NOON)));
        commit(write(rating(0, 20, NOON + 2 * DAY)));
        assertThat(ArchiveRows.files(store))
                .containsExactlyInAnyOrder(
                        new ArchiveFile(LocalDate.parse("2026-03-01"), 0, 0, 0, 1),
                        new ArchiveFile(LocalDate.parse("2026-03-01"), 0, 0, 2, 9),
                        new ArchiveFile(LocalDate.parse("2026-03-02"), 0, 0, 10, 12),
                        new ArchiveFile(LocalDate.parse("2026-03-03"), 0, 0, 13, 20),
                        new ArchiveFile(LocalDate.parse("2026-03-01"), 0, 1, 3, 3));
    }

    @Test
    void aJobThatReadsTheLogFromItsBeginningMissesNothingBefore() throws Exception {
        ArchiveWriter writer = new ArchiveWriter(TestStore.open(folder), false, false, Clock.systemUTC());
        writer.write(rating(0, 7, NOON), NO_CONTEXT);
        writer.write(LogRecord.tombstone(new Revision(0, 0, 8), NOON), NO_CONTEXT);
        commit(writer.prepareCommit());
        writer.close();
        assertThat(ArchiveRows.files(store))
                .containsExactly(new ArchiveFile(LocalDate.parse("2026-03-01"), 0, 0, 0, 8));
    }

    @Test
    void aFileThatWasMergedWithOthersSinceIsCommitted() throws Exception {
        List<ArchiveCommittable> committables = List.copyOf(write(rating(0, 3, NOON), rating(0, 4, NOON)));
        commit(committables);
        ArchiveFile merged = new ArchiveFile(LocalDate.parse("2026-03-01"), 0, 0, 0, 9, 1);
        Files.move(folder.resolve(committables.get(0).file().address()), folder.resolve(merged.address()));
        assertThat(commit(committables).alreadyCommitted).isEqualTo(1);
    }

    @Test
    void eachDayHasItsFileAndTheRangesOfAPartitionDoNotOverlap() throws Exception {
        commit(write(rating(0, 0, NOON), rating(0, 1, NOON + DAY), rating(0, 2, NOON), rating(0, 3, NOON + 2 * DAY)));
        assertThat(ArchiveRows.files(store))
                .containsExactlyInAnyOrder(
                        new ArchiveFile(LocalDate.parse("2026-03-01"), 0, 0, 0, 0),
                        new ArchiveFile(LocalDate.parse("2026-03-02"), 0, 0, 1, 2),
                        new ArchiveFile(LocalDate.parse("2026-03-03"), 0, 0, 3, 3));
    }

    @Test
    void aRestartBetweenPrepareAndCommitGivesEveryRowOnce() throws Exception {
        List<ArchiveCommittable> restored = roundTrip(write(rating(0, 0, NOON), rating(0, 1, NOON)));
        commit(restored);
        List<ArchiveCommittable> next = List.copyOf(write(rating(0, 2, NOON)));
        Requests again = commit(restored); // the restored job does it once more
        assertThat(again.alreadyCommitted).isEqualTo(1);
        commit(next);
        assertThat(ArchiveRows.read(store))
                .extracting(row -> row.getLong("offset", 0))
                .containsExactlyInAnyOrder(0L, 1L, 2L);
    }

    @Test
    void aFileThatWasNotPreparedIsGivenUpWithItsWriter() throws Exception {
        ArchiveWriter writer = new ArchiveWriter(store, true, false, Clock.systemUTC());
        writer.write(rating(0, 0, NOON), NO_CONTEXT);
        writer.close();
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(f -> f.getFileName().toString().contains("writing")))
                    .isEmpty();
        }
    }

    @Test
    void aHiddenFileThatIsGoneFailsTheCommit() throws Exception {
        List<ArchiveCommittable> committables = List.copyOf(write(rating(0, 0, NOON)));
        Files.delete(folder.resolve(committables.get(0).hidden()));
        assertThatThrownBy(() -> commit(committables))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lost");
    }

    @Test
    void orphansAreDeletedByAgeWhenTheFirstCheckpointIsPrepared() throws Exception {
        Path date = Files.createDirectories(folder.resolve("observations/2026-03-01"));
        Path old = Files.createFile(date.resolve(".writing-0-0-1-x"));
        Path young = Files.createFile(date.resolve(".writing-0-0-2-y"));
        Path complete = Files.createFile(date.resolve("0-0-000000000000000000-000000000000000003.parquet"));
        Instant now = Instant.now();
        Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofHours(3))));
        Files.setLastModifiedTime(complete, FileTime.from(now.minus(Duration.ofHours(3))));
        ArchiveWriter writer = new ArchiveWriter(store, true, true, Clock.systemUTC());
        assertThat(old).exists();
        writer.prepareCommit();
        writer.close();
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(complete).exists();
    }

    private Collection<ArchiveCommittable> write(LogRecord... records) throws Exception {
        ArchiveWriter writer = new ArchiveWriter(TestStore.open(folder), true, false, Clock.systemUTC());
        for (LogRecord record : records) {
            writer.write(record, NO_CONTEXT);
        }
        Collection<ArchiveCommittable> committables = writer.prepareCommit();
        writer.close();
        return committables;
    }

    private Requests commit(Collection<ArchiveCommittable> committables) throws Exception {
        Requests requests = new Requests();
        try (ArchiveCommitter committer = new ArchiveCommitter(TestStore.open(folder))) {
            Collection<Committer.CommitRequest<ArchiveCommittable>> asked = new ArrayList<>();
            committables.forEach(c -> asked.add(requests.of(c)));
            committer.commit(asked);
        }
        return requests;
    }

    private static List<ArchiveCommittable> roundTrip(Collection<ArchiveCommittable> committables) throws IOException {
        ArchiveCommittableSerializer serializer = new ArchiveCommittableSerializer();
        List<ArchiveCommittable> restored = new ArrayList<>();
        for (ArchiveCommittable committable : committables) {
            restored.add(serializer.deserialize(serializer.getVersion(), serializer.serialize(committable)));
        }
        return restored;
    }

    private static LogRecord rating(int partition, long offset, long timestamp) {
        return record(partition, offset, timestamp, new UserRecord.Observed("u", Item.ofId("i"), 3, 1, null, null));
    }

    private static LogRecord record(int partition, long offset, long timestamp, UserRecord content) {
        return LogRecord.of(new Revision(0, partition, offset), timestamp, content);
    }

    /** Requests to the committer that fail the test where they signal a failure. */
    private static final class Requests {
        private int alreadyCommitted;

        Committer.CommitRequest<ArchiveCommittable> of(ArchiveCommittable committable) {
            return new Committer.CommitRequest<>() {
                @Override
                public ArchiveCommittable getCommittable() {
                    return committable;
                }

                @Override
                public int getNumberOfRetries() {
                    return 0;
                }

                @Override
                public void signalFailedWithKnownReason(Throwable reason) {
                    throw new AssertionError("would be dropped silently", reason);
                }

                @Override
                public void signalFailedWithUnknownReason(Throwable reason) {
                    throw new AssertionError(reason);
                }

                @Override
                public void retryLater() {
                    throw new AssertionError("not asked for");
                }

                @Override
                public void updateAndRetryLater(ArchiveCommittable other) {
                    throw new AssertionError("not asked for");
                }

                @Override
                public void signalAlreadyCommitted() {
                    alreadyCommitted++;
                }
            };
        }
    }
}
