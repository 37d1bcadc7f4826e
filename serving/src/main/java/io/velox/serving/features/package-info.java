/** How a serving node comes by the features of items: tables in memory, or a cache over tables that stay in the store. */
@NullMarked
package io.velox.serving.features;

import org.jspecify.annotations.NullMarked;
