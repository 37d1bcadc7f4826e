package io.velox.system;

/** One rating to send; {@code timestamp} in seconds since 1970. */
record Rating(String user, String item, double label, long timestamp) {}
