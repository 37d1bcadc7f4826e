/** The serving tier alone, in a process of its own on a core of its own: neither log nor job are near. */
@NullMarked
package io.velox.bench.front;

import org.jspecify.annotations.NullMarked;
