package io.velox.serving.features;

/** An item of a model, in whatever version. */
record ItemKey(String model, String item) {}
