package io.velox.serving.access;

/**
 * Who makes a request.
 *
 * @param name of the key; the address of the other end where there are no keys
 */
public record Caller(String name, Role role) {}
