/** Requests at a rate, and as fast as they are taken. */
@NullMarked
package io.velox.bench.load;

import org.jspecify.annotations.NullMarked;
