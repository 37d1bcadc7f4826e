/** The paper's model abstraction: items, observations, and models that turn an item into features. */
@NullMarked
package io.velox.core.model;

import org.jspecify.annotations.NullMarked;
