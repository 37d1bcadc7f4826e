/** The one configuration file, read by every tier. */
@NullMarked
package io.velox.core.config;

import org.jspecify.annotations.NullMarked;
