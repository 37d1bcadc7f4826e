/** What can go wrong, and whose fault it is. */
@NullMarked
package io.velox.core.error;

import org.jspecify.annotations.NullMarked;
