/** Figures with their intervals, and the files they are written to. */
@NullMarked
package io.velox.bench.report;

import org.jspecify.annotations.NullMarked;
