/** User models as this serving node has them: cached, kept fresh by the feed of updates, read from the job on a miss. */
@NullMarked
package io.velox.serving.users;

import org.jspecify.annotations.NullMarked;
