/** What each subtask reports of itself: versions, and the loss of every prediction before its observation was learnt. */
@NullMarked
package io.velox.job.health;

import org.jspecify.annotations.NullMarked;
