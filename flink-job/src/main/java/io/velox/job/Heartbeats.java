package io.velox.job;

import io.velox.job.catalogue.CatalogueElement;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Passes the catalogue's elements on, with a heartbeat at every interval between them. An operator of its own, because only operators
 * have timers that need neither a key nor a record.
 */
final class Heartbeats extends AbstractStreamOperator<CatalogueElement>
        implements OneInputStreamOperator<CatalogueElement, CatalogueElement> {
    private static final long serialVersionUID = 1L;

    private final long intervalMs;

    private transient @Nullable ScheduledFuture<?> next;

    Heartbeats(long intervalMs) {
        this.intervalMs = intervalMs;
    }

    @Override
    public void open() throws Exception {
        super.open();
        scheduleNext(0);
    }

    @Override
    public void processElement(StreamRecord<CatalogueElement> element) {
        output.collect(element);
    }

    @Override
    public void finish() throws Exception {
        if (next != null) {
            next.cancel(false);
        }
        super.finish();
    }

    private void scheduleNext(long delayMs) {
        var timers = getProcessingTimeService();
        next = timers.registerTimer(timers.getCurrentProcessingTime() + delayMs, time -> {
            output.collect(new StreamRecord<>(new CatalogueElement.Heartbeat()));
            scheduleNext(intervalMs);
        });
    }
}
