/** The demonstration: one data set through the whole of a running Velox, by its REST API alone. */
@NullMarked
package io.velox.standalone.demo;

import org.jspecify.annotations.NullMarked;
