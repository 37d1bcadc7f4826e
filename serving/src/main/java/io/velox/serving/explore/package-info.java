/** Choosing items of which little is known, and saying so: policies, propensities and signed impressions. */
@NullMarked
package io.velox.serving.explore;

import org.jspecify.annotations.NullMarked;
