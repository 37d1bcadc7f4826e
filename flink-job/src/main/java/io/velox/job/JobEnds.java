package io.velox.job;

import io.velox.core.log.HealthRecord;
import io.velox.core.log.ItemUpdate;
import io.velox.core.log.UserUpdate;
import io.velox.job.catalogue.CatalogueRecord;
import io.velox.job.catalogue.CatalogueSnapshot;
import io.velox.job.log.LogRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Where the topology begins and ends: Kafka, but for tests of the topology alone. */
interface JobEnds {
    /** The log of observations, each partition in its order. */
    DataStream<LogRecord> observations(StreamExecutionEnvironment env);

    /** The changes of the catalogue, in their order. */
    DataStream<CatalogueRecord> catalogue(StreamExecutionEnvironment env);

    /** The catalogue as it is when an operator opens. */
    CatalogueSnapshot catalogueSnapshot();

    Sink<UserUpdate> userUpdates();

    Sink<ItemUpdate> itemUpdates();

    Sink<HealthRecord> health();
}
