/** A small Java client of Velox's REST API. */
@NullMarked
package io.velox.client;

import org.jspecify.annotations.NullMarked;
