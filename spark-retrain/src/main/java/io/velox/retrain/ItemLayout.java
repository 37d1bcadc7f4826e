package io.velox.retrain;

import java.io.Serializable;

/**
 * How the items' posteriors lie in partitions: blocks of consecutive indexes; one more partition, the last, receives the statistics of
 * the users.
 */
record ItemLayout(int itemCount, int rank, int blocks) implements Serializable {
    /** The sums of a block take about so many bytes. */
    private static final long BLOCK_BYTES = 32L << 20;

    static ItemLayout of(int itemCount, int rank, int parallelism) {
        long bytes = 8L * RatingSums.length(rank) * itemCount;
        long blocks = Math.max(parallelism, (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES);
        return new ItemLayout(itemCount, rank, (int) Math.max(1, Math.min(itemCount, blocks)));
    }

    int partitions() {
        return blocks + 1;
    }

    int dimension() {
        return rank + 1;
    }

    int block(int item) {
        return (int) ((long) item * blocks / itemCount);
    }

    /** The first item of a block; that of the block after the last is the number of items. */
    int first(int block) {
        return (int) (((long) block * itemCount + blocks - 1) / blocks);
    }
}
