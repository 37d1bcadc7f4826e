/** What Velox knows about one user: revision, weights, history. */
@NullMarked
package io.velox.core.user;

import org.jspecify.annotations.NullMarked;
