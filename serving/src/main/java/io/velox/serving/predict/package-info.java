/** Predictions: which version answers for a user, and the scores and rankings that it gives. */
@NullMarked
package io.velox.serving.predict;

import org.jspecify.annotations.NullMarked;
