/** What one record does to one user, without Flink: history, weights and the cache of covariances. */
@NullMarked
package io.velox.job.learn;

import org.jspecify.annotations.NullMarked;
