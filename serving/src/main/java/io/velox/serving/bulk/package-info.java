/** Observations by the stream: lines of any number from a body to the log, in bounded memory. */
@NullMarked
package io.velox.serving.bulk;

import org.jspecify.annotations.NullMarked;
