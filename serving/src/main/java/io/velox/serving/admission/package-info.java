/** Which requests a node takes when there are more than it can answer. */
@NullMarked
package io.velox.serving.admission;

import org.jspecify.annotations.NullMarked;
