/** A Velox in a process of its own, looked at from outside. */
@NullMarked
package io.velox.bench.node;

import org.jspecify.annotations.NullMarked;
