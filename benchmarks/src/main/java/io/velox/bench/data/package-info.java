/** The ratings that benchmarks send, and the version they are learnt in. */
@NullMarked
package io.velox.bench.data;

import org.jspecify.annotations.NullMarked;
