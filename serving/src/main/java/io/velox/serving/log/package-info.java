/** The Kafka topics as the serving tier uses them. */
@NullMarked
package io.velox.serving.log;

import org.jspecify.annotations.NullMarked;
