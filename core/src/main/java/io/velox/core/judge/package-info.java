/** The rules by which versions are judged: whether one may go live, must be taken back, or has become stale. */
@NullMarked
package io.velox.core.judge;

import org.jspecify.annotations.NullMarked;
