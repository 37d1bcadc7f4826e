/** The life of model versions: training, publishing, loading, rebasing, going live, rolling back. */
@NullMarked
package io.velox.serving.lifecycle;

import org.jspecify.annotations.NullMarked;
