/** The records of the Kafka topics and their codecs. */
@NullMarked
package io.velox.core.log;

import org.jspecify.annotations.NullMarked;
