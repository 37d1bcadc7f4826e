package io.velox.job;

import io.velox.job.log.LogRecord;
import io.velox.job.log.LogRecordSerializer;
import io.velox.job.log.SerializerTypeInformation;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes decoded records on and drops tombstones; the others are counted, logged and put out at {@link #UNDECODABLE}. */
final class DecodedRecords extends ProcessFunction<LogRecord, LogRecord> {
    static final OutputTag<LogRecord> UNDECODABLE = new OutputTag<>(
            "undecodable-records", SerializerTypeInformation.of(LogRecord.class, LogRecordSerializer.INSTANCE));

    private static final Logger LOG = LoggerFactory.getLogger(DecodedRecords.class);
    private static final long serialVersionUID = 1L;

    /** After so many only each so-many-th is logged. */
    private static final long LOGGED = 100;

    private transient Counter undecodable;

    @SuppressWarnings("NullAway.Init") // the rest is made in open
    DecodedRecords() {}

    @Override
    public void open(OpenContext context) {
        undecodable = getRuntimeContext().getMetricGroup().counter("undecodableRecords");
    }

    @Override
    public void processElement(LogRecord record, Context context, Collector<LogRecord> out) {
        if (record.isDecoded()) {
            out.collect(record);
            return;
        }
        if (record.isTombstone()) {
            return;
        }
        undecodable.inc();
        long count = undecodable.getCount();
        if (count <= LOGGED || count % LOGGED == 0) {
            LOG.error(
                    "The log's record at {} is passed over ({} so far): {}",
                    record.position(),
                    count,
                    record.problem());
        }
        context.output(UNDECODABLE, record);
    }
}
