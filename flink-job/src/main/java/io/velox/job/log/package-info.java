/** Records of the log inside the job: how they come from Kafka, go to Kafka, and travel between operators. */
@NullMarked
package io.velox.job.log;

import org.jspecify.annotations.NullMarked;
