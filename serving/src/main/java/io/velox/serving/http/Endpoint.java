package io.velox.serving.http;

/** What is behind a route. */
sealed interface Endpoint permits Operation, StreamOperation {}
