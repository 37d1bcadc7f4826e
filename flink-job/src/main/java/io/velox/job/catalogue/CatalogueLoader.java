package io.velox.job.catalogue;

import io.velox.core.error.ErrorCode;
import io.velox.core.error.VeloxException;
import io.velox.core.log.CatalogueEntry;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.BooleanSerializer;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns changes of the catalogue, keyed by model, into versions loaded and versions dropped. A version that fails verification is
 * announced as rejected; while the store is away, the change is tried again every second.
 */
public final class CatalogueLoader extends KeyedProcessFunction<String, CatalogueRecord, CatalogueElement> {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogueLoader.class);
    private static final long serialVersionUID = 1L;
    private static final long RETRY_MS = 1_000;

    private final CatalogueSnapshot snapshot;
    private final VersionReader reader;

    private transient Catalogue newest;

    /** By version: true when it was announced as loaded or rejected, false when as dropped. */
    private transient MapState<Integer, Boolean> announced;

    private transient ValueState<CatalogueRecord> waiting;

    @SuppressWarnings("NullAway.Init") // the rest is made in open
    public CatalogueLoader(CatalogueSnapshot snapshot, VersionReader reader) {
        this.snapshot = snapshot;
        this.reader = reader;
    }

    @Override
    public void open(OpenContext context) {
        newest = snapshot.read();
        announced = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "announced-versions", IntSerializer.INSTANCE, BooleanSerializer.INSTANCE));
        waiting = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("waiting-for-the-store", CatalogueRecordSerializer.INSTANCE));
    }

    @Override
    public void processElement(CatalogueRecord record, Context context, Collector<CatalogueElement> out)
            throws Exception {
        if (!newest.hasNewerThan(record)) {
            announce(record, context, out);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<CatalogueElement> out) throws Exception {
        @Nullable CatalogueRecord record = waiting.value();
        if (record != null) {
            announce(record, context, out);
        }
    }

    private void announce(CatalogueRecord record, Context context, Collector<CatalogueElement> out) throws Exception {
        waiting.clear();
        CatalogueEntry entry = record.entry();
        try {
            for (CatalogueEntry.Version version : entry.versions()) {
                boolean isLoaded = version.state().isLoaded();
                if (!Objects.equals(announced.get(version.version()), isLoaded)) {
                    if (isLoaded) {
                        LOG.info("Loading {}", entry.id(version));
                        reader.read(entry.id(version), version.manifest(), record.position())
                                .forEach(out::collect);
                    } else {
                        out.collect(new CatalogueElement.Dropped(entry.id(version), record.position()));
                    }
                    announced.put(version.version(), isLoaded);
                }
            }
        } catch (VeloxException e) {
            if (e.code() != ErrorCode.STORE_UNAVAILABLE) {
                throw e;
            }
            LOG.warn("The catalogue's change of {} waits for the store: {}", record.model(), e.getMessage());
            waiting.update(record);
            context.timerService()
                    .registerProcessingTimeTimer(context.timerService().currentProcessingTime() + RETRY_MS);
        }
    }
}
