/** The command line: a client of the REST API for people and scripts. */
@NullMarked
package io.velox.client.cli;

import org.jspecify.annotations.NullMarked;
