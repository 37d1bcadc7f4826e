/** How what users forget or take back leaves the log, the archive and the offline weights. */
@NullMarked
package io.velox.serving.forgetting;

import org.jspecify.annotations.NullMarked;
