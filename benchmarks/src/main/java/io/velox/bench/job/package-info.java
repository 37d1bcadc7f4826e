/** The job by itself, on engines in this process. */
@NullMarked
package io.velox.bench.job;

import org.jspecify.annotations.NullMarked;
