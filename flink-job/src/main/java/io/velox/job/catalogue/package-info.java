/** Which model versions the job holds: read from the catalogue topic, loaded from the store, kept in broadcast state. */
@NullMarked
package io.velox.job.catalogue;

import org.jspecify.annotations.NullMarked;
