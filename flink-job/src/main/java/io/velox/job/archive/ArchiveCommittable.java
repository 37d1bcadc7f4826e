package io.velox.job.archive;

import io.velox.core.store.ArchiveFile;

/**
 * A file of the archive that is written and closed, but still hidden.
 *
 * @param hidden its address relative to the store's root
 * @param file what it becomes
 */
record ArchiveCommittable(String hidden, ArchiveFile file) {}
