/** The archive of observations: a sink that writes each record to the store exactly once, as Parquet. */
@NullMarked
package io.velox.job.archive;

import org.jspecify.annotations.NullMarked;
