package io.velox.standalone;

/** The pieces of a node, in the order in which they are stopped. */
enum Piece {
    SERVING("serving"),
    JOB("job"),
    FLINK("Flink"),
    TOPICS("topics"),
    KAFKA("Kafka"),
    ALLUXIO("Alluxio");

    private final String title;

    Piece(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
