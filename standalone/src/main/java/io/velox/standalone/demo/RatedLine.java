package io.velox.standalone.demo;

/** A line of a ratings file. */
record RatedLine(String uid, Rating rating) {}
