/** Model versions in the store: manifests, checksummed factor tables. */
@NullMarked
package io.velox.core.store;

import org.jspecify.annotations.NullMarked;
