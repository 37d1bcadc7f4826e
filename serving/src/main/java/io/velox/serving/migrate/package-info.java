/** Moving the log of observations to another number of partitions, and clearing away what it leaves behind. */
@NullMarked
package io.velox.serving.migrate;

import org.jspecify.annotations.NullMarked;
