/** The command line. */
@NullMarked
package io.velox.bench.cli;

import org.jspecify.annotations.NullMarked;
