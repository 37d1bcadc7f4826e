package io.velox.bench.report;

/** The ratings that a benchmark used; {@code sha256} of its file, or of the ratings themselves where they are generated. */
public record Dataset(String name, String sha256, long ratings) {}
