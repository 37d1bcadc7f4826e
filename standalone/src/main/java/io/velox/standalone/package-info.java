/** Everything of Velox on one machine, in one command: Kafka, Flink and serving in one process; Alluxio and Spark as its children. */
@NullMarked
package io.velox.standalone;

import org.jspecify.annotations.NullMarked;
