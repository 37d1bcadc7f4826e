/** The benchmarks, a class each. */
@NullMarked
package io.velox.bench.experiment;

import org.jspecify.annotations.NullMarked;
