package io.velox.serving.access;

/**
 * What is known of one key, which is not the key itself.
 *
 * @param name for people and limits, unique in a file
 * @param sha256 of the key's characters; owned
 */
@SuppressWarnings("ArrayRecordComponent") // compared in constant time only
record AccessKey(String name, Role role, byte[] sha256) {}
