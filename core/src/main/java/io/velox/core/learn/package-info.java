/** Online Bayesian ridge regression of user weights, its priors, and loss statistics. */
@NullMarked
package io.velox.core.learn;

import org.jspecify.annotations.NullMarked;
