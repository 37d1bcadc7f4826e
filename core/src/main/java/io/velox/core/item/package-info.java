/** Items apart from their features: what is known of them before anybody rates them. */
@NullMarked
package io.velox.core.item;

import org.jspecify.annotations.NullMarked;
