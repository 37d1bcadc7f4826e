/** What a benchmark is, and what it finds. */
@NullMarked
package io.velox.bench;

import org.jspecify.annotations.NullMarked;
