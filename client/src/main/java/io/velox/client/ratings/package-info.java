/** Files of ratings, of many layouts and containers, read as a stream of numbered lines. */
@NullMarked
package io.velox.client.ratings;

import org.jspecify.annotations.NullMarked;
