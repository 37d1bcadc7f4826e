/** The training application: reads the archive up to a cut, factorises with Spark's ALS, chooses prior and noise, publishes a version. */
@NullMarked
package io.velox.retrain;

import org.jspecify.annotations.NullMarked;
