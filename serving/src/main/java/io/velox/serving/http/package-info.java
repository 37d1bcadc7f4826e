/** The REST API and the management endpoints: one class per operation, routes in {@link io.velox.serving.http.Routes}. */
@NullMarked
package io.velox.serving.http;

import org.jspecify.annotations.NullMarked;
