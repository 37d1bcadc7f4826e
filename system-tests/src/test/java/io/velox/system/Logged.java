package io.velox.system;

/**
 * An action that was acknowledged.
 *
 * @param connection the client that sent it
 * @param number of the action among those of its client
 * @param position its receipt
 */
record Logged(UserAction action, int connection, int number, String position) {
    /** The position in the partition of its user. */
    long offset() {
        return Long.parseLong(position.substring(position.lastIndexOf(':') + 1));
    }

    String partition() {
        return position.substring(0, position.lastIndexOf(':'));
    }
}
