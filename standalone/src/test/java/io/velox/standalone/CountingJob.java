package io.velox.standalone;

import io.velox.core.config.VeloxConfiguration;
import java.util.Random;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * A small job with the shape of the real one: an endless log, a count per key in queryable state that is exactly the highest number
 * seen plus one, and enough other state that a checkpoint has files beside its metadata.
 */
final class CountingJob {
    static final String KEY = "all";
    static final String STATE = "count";

    private CountingJob() {}

    static ValueStateDescriptor<Long> descriptor() {
        return new ValueStateDescriptor<>(STATE, Types.LONG);
    }

    static void build(StreamExecutionEnvironment environment, VeloxConfiguration configuration) {
        environment
                .fromSource(
                        new DataGeneratorSource<>(
                                index -> index, Long.MAX_VALUE, RateLimiterStrategy.perSecond(500), Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "log")
                .uid("log")
                .setParallelism(1)
                .keyBy(index -> KEY, Types.STRING)
                .process(new Count())
                .name("count")
                .uid("count")
                .sinkTo(new DiscardingSink<>())
                .name("nothing")
                .uid("nothing");
    }

    private static final class Count extends KeyedProcessFunction<String, Long, Long> {
        private static final long serialVersionUID = 1L;

        private transient ValueState<Long> count;
        private transient ValueState<byte[]> ballast;

        @Override
        @SuppressWarnings("deprecation") // Flink's queryable state, all of it
        public void open(OpenContext context) {
            ValueStateDescriptor<Long> counted = descriptor();
            counted.setQueryable(STATE);
            count = getRuntimeContext().getState(counted);
            ballast = getRuntimeContext()
                    .getState(new ValueStateDescriptor<>(
                            "ballast", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        }

        @Override
        public void processElement(Long index, Context context, Collector<Long> out) throws Exception {
            Long before = count.value();
            long counted = before == null ? 1 : before + 1;
            if (counted != index + 1) {
                throw new IllegalStateException("number " + index + " came as the " + counted + "th");
            }
            if (ballast.value() == null) {
                byte[] bytes = new byte[100_000];
                new Random(1).nextBytes(bytes);
                ballast.update(bytes);
            }
            count.update(counted);
        }
    }
}
