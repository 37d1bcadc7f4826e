/** Selecting the best K of a scored catalogue. */
@NullMarked
package io.velox.core.topk;

import org.jspecify.annotations.NullMarked;
