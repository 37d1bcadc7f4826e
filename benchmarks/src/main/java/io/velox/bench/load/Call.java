package io.velox.bench.load;

import com.fasterxml.jackson.databind.JsonNode;

/** A POST of JSON. */
public record Call(String path, JsonNode body) {}
