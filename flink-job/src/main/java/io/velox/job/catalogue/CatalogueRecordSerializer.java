package io.velox.job.catalogue;

import io.velox.job.log.JsonSerializer;
import io.velox.state.SchemaSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Flink's serializer of {@link CatalogueRecord}. */
public final class CatalogueRecordSerializer extends JsonSerializer<CatalogueRecord> {
    public static final CatalogueRecordSerializer INSTANCE = new CatalogueRecordSerializer();

    private static final long serialVersionUID = 1L;
    private static final int SCHEMA = 1;

    private CatalogueRecordSerializer() {
        super(CatalogueRecord.class);
    }

    @Override
    public TypeSerializerSnapshot<CatalogueRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** The serializer in a checkpoint. */
    public static final class Snapshot extends SchemaSnapshot<CatalogueRecord> {
        public Snapshot() {
            super(SCHEMA, () -> INSTANCE);
        }
    }
}
