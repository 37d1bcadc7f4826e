package io.velox.job.log;

import io.velox.core.log.HealthRecord;
import io.velox.state.SchemaSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link HealthRecord}. */
public final class HealthRecordSerializer extends JsonSerializer<HealthRecord> {
    public static final HealthRecordSerializer INSTANCE = new HealthRecordSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 1;

    private HealthRecordSerializer() {
        super(HealthRecord.class);
    }

    @Override
    public TypeSerializerSnapshot<HealthRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<HealthRecord> {
        public Snapshot() {
            super(SCHEMA, () -> INSTANCE);
        }
    }
}
