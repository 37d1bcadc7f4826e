/** Trainings as Velox runs them, in a process of Spark's own, without a Velox that serves. */
@NullMarked
package io.velox.bench.training;

import org.jspecify.annotations.NullMarked;
