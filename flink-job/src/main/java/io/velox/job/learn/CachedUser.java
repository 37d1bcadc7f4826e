package io.velox.job.learn;

import io.velox.core.user.Revision;

/** Something derived of one user's history that costs time to derive again. */
interface CachedUser {
    /** The last record that is in it. */
    Revision revision();

    /** About what it takes on the heap. */
    int sizeBytes();
}
