/** The serving node: where its parts are put together. */
@NullMarked
package io.velox.serving;

import org.jspecify.annotations.NullMarked;
