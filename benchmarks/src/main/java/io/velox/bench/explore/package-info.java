/** Policies of exploration, the environments in which they are tried, and the regret that they come to. */
@NullMarked
package io.velox.bench.explore;

import org.jspecify.annotations.NullMarked;
