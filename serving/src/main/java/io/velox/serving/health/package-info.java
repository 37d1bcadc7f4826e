/** How models do, minute by minute, and whether what is served is what users' histories say. */
@NullMarked
package io.velox.serving.health;

import org.jspecify.annotations.NullMarked;
