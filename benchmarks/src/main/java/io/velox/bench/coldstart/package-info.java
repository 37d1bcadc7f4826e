/** Users whom a version does not know, and what it makes of their first ratings. */
@NullMarked
package io.velox.bench.coldstart;

import org.jspecify.annotations.NullMarked;
