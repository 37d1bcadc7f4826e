/** The job that learns: its topology, its settings and its operators. */
@NullMarked
package io.velox.job;

import org.jspecify.annotations.NullMarked;
