package io.velox.serving.migrate;

import io.velox.serving.log.LogEpochs.Epoch;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a migration did, or would do.
 *
 * @param to as it is to be after it
 * @param records of the old log, by what became of them
 */
public record MigrationReport(Epoch from, Epoch to, Map<Verdict, Long> records) {
    public MigrationReport {
        EnumMap<Verdict, Long> copy = new EnumMap<>(Verdict.class);
        copy.putAll(records);
        records = Collections.unmodifiableMap(copy);
    }

    public long copied() {
        return records.getOrDefault(Verdict.COPIED, 0L);
    }
}
